import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { Pin, Server } from '#shared/server.ts'
import { exitCodes } from '../exit.ts'
import { findServer } from '../find.ts'
import type { Tools, Word } from '../word.ts'
import { hostKeyOf } from './server.ts'

const pins: Word = {
  usage: 'server pins NAME',
  operands: [1, 1],
  options: {},
  async run(given, tools) {
    const server = await findServer(given.operands[0] ?? '', tools)
    const known = await tools.call('pin.list', { serverId: server.id })
    const lines = known.length > 0 ? known.map((pin) => pinLine(pin, tools.say)) : [tools.say.noPins]
    const expected = server.hostKey === null ? [] : [tools.say.expectsKey(server.hostKey)]
    return { json: { ok: true, pins: known }, lines: [...lines, ...expected], exit: exitCodes.done }
  },
}

/**
 * The only way on after a key has changed. A key that is expected by `--host-key` stays as it is, unless another takes its
 * place: it may be the new one already, which counted for nothing beside the pin.
 */
const unpin: Word = {
  usage: 'server unpin NAME [TYPE] [--host-key SHA256:…] [--yes]',
  operands: [1, 2],
  options: { 'host-key': { type: 'string' }, yes: { type: 'boolean' } },
  async run(given, tools) {
    const { call, confirm, say } = tools
    const [name = '', type] = given.operands
    const hostKey = hostKeyOf(given)
    const server = await findServer(name, tools)
    const known = await call('pin.list', { serverId: server.id })
    const old = known.filter((pin) => type === undefined || pin.type === type)
    if (old.length === 0 && (hostKey === null || type !== undefined)) throw nothingPinned(server, known, type)
    const expected = hostKey === null ? [] : [say.expectsKey(hostKey)]
    const agreed =
      given.flag('yes') || (await confirm([...old.map((pin) => pinLine(pin, say)), ...expected], say.confirmUnpin))
    if (agreed === null)
      throw new LifeboatFailure('answer-needed', 'Nobody is there to type yes. --yes says it on the command line.')
    if (!agreed) throw new LifeboatFailure('cancelled', 'The key was not removed.')
    if (hostKey !== null) await call('server.update', { id: server.id, server: { ...server, hostKey } })
    for (const { host, port, way, type: each } of old) await call('pin.remove', { host, port, way, type: each })
    const removed = old.map((pin) => say.removed(printable(`${pin.type} ${pin.fingerprint}`)))
    return { json: { ok: true, removed: old }, lines: [...removed, ...expected, say.unpinned], exit: exitCodes.done }
  },
}

export const pinWords = { 'server pins': pins, 'server unpin': unpin }

function pinLine({ type, fingerprint, addedAt, host, port, way }: Pin, say: Tools['say']): string {
  const at = say.reachedAt(printable(`${host}:${port}`), way && printable(way))
  return [printable(type), fingerprint, addedAt, at].join('\t')
}

/** Says where else the key may be known from that no longer fits. */
function nothingPinned(server: Server, known: readonly Pin[], type: string | undefined): LifeboatFailure {
  if (known.length > 0)
    return new LifeboatFailure(
      'not-found',
      `No key of the type ${type} is accepted for ${server.name}, only ${known.map((pin) => pin.type).join(', ')}.`,
    )
  const elsewhere =
    server.hostKey === null
      ? 'One of known_hosts is removed with `ssh-keygen -R HOST`.'
      : `It is expected to show ${server.hostKey}: \`lifeboat server unpin NAME --host-key SHA256:…\` names another one.`
  return new LifeboatFailure('not-found', `No key is accepted here for ${server.name}. ${elsewhere}`)
}
