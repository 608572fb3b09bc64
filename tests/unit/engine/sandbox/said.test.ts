import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseInfo } from '#engine/sandbox/docker/daemon.ts'
import { imageFor, layerCount } from '#engine/sandbox/docker/image.ts'
import { parseOwned } from '#engine/sandbox/docker/labels.ts'
import { isOrphan, ownership, parseOwnership } from '#engine/sandbox/owned.ts'
import { sessionOptions } from '#engine/sandbox/settings.ts'

test('the image is the one that was named, else the one of the dump, else the newest', () => {
  expect(imageFor({ image: 'postgis/postgis:17-3.5', major: 15 })).toBe('postgis/postgis:17-3.5')
  expect(imageFor({ image: null, major: 15 })).toBe('postgres:15-alpine')
  expect(imageFor({ image: null, major: null })).toBe('postgres:18-alpine')
})

test('what docker and podman say of themselves is read; without a daemon it is nothing', () => {
  const docker = {
    ServerVersion: '28.2.2',
    MemTotal: 8e9,
    NCPU: 4,
    DockerRootDir: '/var/lib/docker',
    OperatingSystem: 'Docker Desktop',
  }
  expect(parseInfo(JSON.stringify(docker))).toMatchObject({ version: 'Docker 28.2', memory: 8e9, cpus: 4 })
  const podman = { host: { memTotal: 8e9, cpus: 4 }, store: { graphRoot: '/home/u' }, version: { Version: '5.4.0' } }
  expect(parseInfo(JSON.stringify(podman))).toMatchObject({ version: 'Podman 5.4.0', memory: 8e9, cpus: 4 })
  const silent = { ...docker, ServerVersion: '', ServerErrors: ['Cannot connect to the Docker daemon'] }
  expect(parseInfo(JSON.stringify(silent))).toBeNull()
  expect(parseInfo('')).toBeNull()
})

test('whatever the CLI prints, reading it ends', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseInfo(text)
      layerCount(() => {})(text)
      for (const { name } of parseOwned(text)) expect(name).not.toBe('')
      expect(isOrphan(parseOwnership(text))).toBe(false)
    }),
  )
})

test('layers are counted while an image is fetched', () => {
  const shown: string[] = []
  const line = layerCount((detail) => shown.push(detail))
  const first = 'fe07684b16b8'
  const second = '9cd6b5a7ca2d'
  for (const text of [
    `${first}: Pulling fs layer`,
    `${second}: Already exists`,
    'Digest: sha256:0',
    `${first}: Pull complete`,
  ])
    line(text)
  expect(shown).toEqual(['0/1', '1/2', '2/2'])
})

test('what is labelled with this process is not an orphan, and without its process it is', () => {
  const own = ownership()
  const [found] = parseOwned(`lifeboat-sandbox-1\t${JSON.stringify(own)}\n`)
  expect(found).toEqual({ name: 'lifeboat-sandbox-1', owner: own })
  expect(isOrphan(own)).toBe(false)
  expect(isOrphan({ ...own, pid: 4_194_304 })).toBe(true)
  expect(isOrphan({ ...own, pid: 4_194_304, host: `${own.host}-not` })).toBe(false)
})

test('blanks and backslashes of a setting stay in it', () => {
  expect(sessionOptions({ a: 'b c\\d' }).endsWith(String.raw`-c a=b\ c\\d`)).toBe(true)
})
