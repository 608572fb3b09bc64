import { describe, expect, it } from 'vitest'
import { sameVersions, stampOf } from '../../../scripts/packages.mjs'

const locked = { version: '1.2.3', integrity: 'sha512-a' }
const lockfile = (packages: Parameters<typeof sameVersions>[0]['packages']) => ({
  packages: { '': { version: '9' }, ...packages },
})

describe('whether the installed packages are those of the lockfile', () => {
  it('accepts what npm installed from this very lockfile, whatever version the project itself has', () => {
    expect(sameVersions(lockfile({ 'node_modules/a': locked }), { packages: { 'node_modules/a': locked } })).toBe(true)
  })

  it.each([
    ['a package is missing', {}],
    ['a package has another version', { 'node_modules/a': { ...locked, version: '1.2.4' } }],
    ['a package has other bytes under the same version', { 'node_modules/a': { ...locked, integrity: 'sha512-b' } }],
  ])('refuses when %s', (_, installed) => {
    expect(sameVersions(lockfile({ 'node_modules/a': locked }), { packages: installed })).toBe(false)
  })

  it('does not miss a package made for another platform', () => {
    const other = { ...locked, optional: true }
    expect(sameVersions(lockfile({ 'node_modules/a-darwin': other }), { packages: {} })).toBe(true)
  })

  it('refuses one made for this platform that is out of date', () => {
    const wanted = lockfile({ 'node_modules/a-linux': { ...locked, optional: true } })
    expect(sameVersions(wanted, { packages: { 'node_modules/a-linux': { ...locked, version: '1.2.2' } } })).toBe(false)
  })
})

describe('the stamp of a finished set-up', () => {
  it('changes with any change of the lockfile', () => {
    expect(stampOf('{"a":1}')).not.toBe(stampOf('{"a":2}'))
  })

  it('names the machine, so that a folder carried to another one is set up again', () => {
    expect(stampOf('{}')).toContain(`${process.platform}-${process.arch}`)
  })
})
