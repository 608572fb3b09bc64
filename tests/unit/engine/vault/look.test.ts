import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { envFiles, vaultWorld } from '../../../support/vault.ts'

test('a seal in which one bit has flipped is no longer listed as what was sealed, whatever its size and time say', async () => {
  const { engine, seal } = await vaultWorld()
  await seal(envFiles({ '.env': 'A=1\n' }))
  const look = async () => (await engine.call('vault.list', {})).map((each) => each.look)
  const [made] = await engine.call('vault.list', {})
  if (!made) throw new Error('nothing is sealed')
  expect(await look()).toEqual(['same'])
  const { atime, mtime } = statSync(made.file)
  const bytes = readFileSync(made.file)
  const at = bytes.length - 30
  const flip = (): void => {
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(made.file, bytes)
    utimesSync(made.file, atime, mtime)
  }
  flip()
  expect(await look()).toEqual(['changed'])
  flip()
  expect(await look()).toEqual(['same'])
})
