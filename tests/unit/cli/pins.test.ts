import { expect, test } from 'vitest'
import { remedies } from '#shared/failure.ts'
import type { Pin, Server } from '#shared/server.ts'
import { failuresChinese } from '../../../src/main/cli/failures-chinese.ts'
import { readWord } from '../../../src/main/cli/arguments.ts'
import type { Tools } from '../../../src/main/cli/word.ts'
import { words } from '../../../src/main/cli/words.ts'
import { toolsWith } from '../../support/cli-tools.ts'
import { noon, someServer } from '../../support/copies.ts'

const oldKey = `SHA256:${'A'.repeat(43)}`
const newKey = `SHA256:${'B'.repeat(43)}`
const pinOf = (type: string, way: Pin['way'] = ''): Pin => ({
  host: 'shop.example.org',
  port: 22,
  way,
  type,
  key: 'AAAA',
  fingerprint: oldKey,
  addedAt: noon().toISOString(),
})
const ed = pinOf('ssh-ed25519')
const rsa = pinOf('ssh-rsa')

/** Types one line at a server with these pins; `typed` is what came of the question. What was kept and what was asked. */
async function typeAt(
  line: string,
  { pins = [ed, rsa], server = someServer('shop'), typed = null }: Partial<World> = {},
) {
  const kept = { pins, server }
  const asked: string[] = []
  const tools: Tools = {
    ...toolsWith({
      'server.list': async () => [kept.server],
      'pin.list': async () => kept.pins,
      'pin.remove': async ({ type, way }) => {
        kept.pins = kept.pins.filter((pin) => pin.type !== type || pin.way !== way)
        return {}
      },
      'server.update': async ({ server: { hostKey = null } }) => {
        kept.server = { ...kept.server, hostKey }
        return kept.server
      },
    }),
    confirm: async (lines, question) => {
      asked.push(...lines, question)
      return typed
    },
  }
  const argv = line.split(' ')
  const word = words[argv.slice(0, 2).join(' ')]
  if (!word) throw new Error(`no word: ${line}`)
  const outcome = await (async () => word.run(readWord(argv, 2, word), tools))().catch((error: unknown) => ({ error }))
  return { outcome, kept, asked: asked.join('\n') }
}

type World = { pins: Pin[]; server: Server; typed: boolean | null }

test('pins are listed with kind, fingerprint, and when they were accepted', async () => {
  const { outcome } = await typeAt('server pins shop')
  expect(outcome).toMatchObject({ exit: 0, json: { ok: true, pins: [ed, rsa] } })
  expect(outcome).toMatchObject({
    lines: [`ssh-ed25519\t${oldKey}\t${ed.addedAt}\tshop.example.org:22`, expect.stringContaining('ssh-rsa')],
  })
})

test('a pin is listed with its way, and removed with it', async () => {
  const pins = [pinOf('ssh-ed25519', 'door,[hall]:2200'), pinOf('ssh-rsa', null)]
  const { outcome } = await typeAt('server pins shop', { pins })
  expect(outcome).toMatchObject({
    lines: [
      expect.stringMatching(/\tshop\.example\.org:22 via door,\[hall\]:2200$/),
      expect.stringMatching(/\tshop\.example\.org:22 \(accepted when no way was kept\)$/),
    ],
  })
  expect((await typeAt('server unpin shop --yes', { pins })).kept.pins).toEqual([])
})

test('where none is kept, the key that is expected is still told', async () => {
  const server = someServer('shop', { hostKey: oldKey })
  const { outcome } = await typeAt('server pins shop', { pins: [], server })
  expect(outcome).toMatchObject({
    exit: 0,
    json: { ok: true, pins: [] },
    lines: [expect.stringContaining('No host key'), expect.stringContaining(oldKey)],
  })
})

test.each([
  ['server unpin shop --yes', null, []],
  ['server unpin shop ssh-rsa --yes', null, [ed]],
  ['server unpin shop ssh-rsa', true, [ed]],
])('%s, answered with %s, removes what it names', async (line, typed, left) => {
  const { outcome, kept, asked } = await typeAt(line, { typed })
  expect(kept.pins).toEqual(left)
  expect(outcome).toMatchObject({
    exit: 0,
    json: { ok: true, removed: [ed, rsa].filter((pin) => !left.includes(pin)) },
  })
  if (typed) expect(asked).toMatch(new RegExp(`^ssh-rsa\t${oldKey}`))
})

test.each([
  ['somebody types something else', 'server unpin shop', false, 'cancelled'],
  ['nobody can type', 'server unpin shop', null, 'answer-needed'],
  ['no key is of that type', 'server unpin shop ssh-dss --yes', null, 'not-found'],
  ['there is no such server', 'server unpin nothing --yes', null, 'not-found'],
  ['the new key is no fingerprint', 'server unpin shop --host-key ssh-rsa --yes', null, 'wrong-usage'],
  ['a word is too many', 'server unpin shop a b', true, 'wrong-usage'],
])('nothing is removed where %s', async (_when, line, typed, kind) => {
  const { outcome, kept } = await typeAt(line, { typed })
  expect(outcome).toMatchObject({ error: { kind } })
  expect(kept.pins).toEqual([ed, rsa])
})

test('a key that is expected counts again once the pin beside it is gone', async () => {
  const { kept } = await typeAt('server unpin shop --yes', { server: someServer('shop', { hostKey: newKey }) })
  expect(kept).toMatchObject({ pins: [], server: { hostKey: newKey } })
})

test('one that is expected and no longer fits is named, and replaced by the new one', async () => {
  const world = { pins: [], server: someServer('shop', { hostKey: oldKey }) }
  const { outcome } = await typeAt('server unpin shop --yes', world)
  expect(outcome).toMatchObject({ error: { kind: 'not-found', message: expect.stringContaining('--host-key') } })
  const { kept } = await typeAt(`server unpin shop --host-key ${newKey} --yes`, world)
  expect(kept.server).toEqual({ ...world.server, hostKey: newKey })
})

test('each word that a remedy names exists, in both languages, and a changed key has one', () => {
  const named = ({ remedy }: { remedy: string }): string[] =>
    [...remedy.matchAll(/`lifeboat ([a-z]+(?: [a-z]+)?)/g)].map(([, word]) => word ?? '')
  const english = Object.values(remedies).flatMap(named)
  expect(english).toContain('server unpin')
  expect(english.filter((word) => !Object.hasOwn(words, word))).toEqual([])
  expect(Object.values(failuresChinese).flatMap(named)).toEqual(english)
})
