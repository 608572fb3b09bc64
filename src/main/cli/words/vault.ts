import { resolve } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { EnvLine, FileDifference, Seal } from '#shared/vault.ts'
import { wrongUsage } from '../arguments.ts'
import { exitCodes } from '../exit.ts'
import { findDatabase } from '../find.ts'
import type { Result, Tools, Word, Words } from '../word.ts'

const seal: Word = {
  usage: 'vault seal SERVER/LABEL [FILE…] [--local] [--recipient KEY-OR-FILE]…',
  operands: [1, 1000],
  options: { local: { type: 'boolean' }, recipient: { type: 'string', multiple: true } },
  async run(given, tools) {
    const [reference = '', ...named] = given.operands
    const database = await findDatabase(reference, tools)
    const local = given.flag('local')
    if (local && named.length === 0) throw wrongUsage('--local needs the files that are to be sealed.')
    const files = local ? named.map((file) => resolve(tools.cwd, file)) : named
    const { jobId } = await tools.call('vault.seal', {
      databaseId: database.id,
      local,
      ...(files.length > 0 ? { files } : {}),
      with: await closingOf(given.texts('recipient'), database.serverName, database.label, tools),
    })
    await tools.follow(jobId)
    const result = await tools.call('vault.result', { jobId })
    const sealId = result?.kind === 'sealed' ? result.sealId : ''
    const made = (await tools.call('vault.list', {})).find(({ id }) => id === sealId)
    if (!made) throw new LifeboatFailure('bug', 'The seal that was made is not in the list.')
    return {
      json: { ok: true, seal: made },
      lines: [tools.say.sealed(printable(made.file)), ...made.names.map((name) => `  ${printable(name)}`)],
      exit: exitCodes.done,
    }
  },
}

/** Keys that were named; else those of the newest seal; else a passphrase, a new one each time it is typed. */
async function closingOf(recipients: string[], server: string, label: string, { call, cwd }: Tools) {
  if (recipients.length > 0) {
    const known = (await call('vault.recipients', {})).flatMap(({ fingerprint, keyId }) => [fingerprint, keyId])
    const isKey = (name: string): boolean => known.includes(name.toUpperCase()) || /^[^/\\]+@[^/\\]+$/.test(name)
    return { kind: 'keys' as const, recipients: recipients.map((name) => (isKey(name) ? name : resolve(cwd, name))) }
  }
  const newest = (await call('vault.list', { server, label }))[0]
  return newest?.kind === 'keys' ? { kind: 'as-before' as const } : { kind: 'passphrase' as const }
}

const list: Word = {
  usage: 'vault list',
  asksNothing: true,
  operands: [0, 0],
  options: {},
  async run(_given, { call, say }) {
    const seals = await call('vault.list', {})
    const lines = seals.map((each) => sealLine(each, say))
    return { json: { ok: true, seals }, lines: lines.length > 0 ? lines : [say.noSeals], exit: exitCodes.done }
  },
}

const show: Word = {
  usage: 'vault show ID',
  operands: [1, 1],
  options: {},
  run: (given, { call, say }) =>
    orDamaged(async () => {
      const opened = await call('vault.show', { id: given.operands[0] ?? '' })
      const lines = opened.contents.flatMap((file) => [
        `${printable(file.name)}\t${file.mode.toString(8).padStart(4, '0')}\t${file.modifiedAt}`,
        ...file.lines.flatMap((line) => keyLine(line)),
      ])
      return { json: { ok: true, seal: opened }, lines: [sealLine(opened, say), ...lines], exit: exitCodes.done }
    }),
}

const diff: Word = {
  usage: 'vault diff A B',
  operands: [2, 2],
  options: {},
  run: (given, { call, say }) =>
    orDamaged(async () => {
      const [left = '', right = ''] = given.operands
      const difference = await call('vault.diff', { left, right })
      const lines = difference.equal
        ? [say.noDifference]
        : difference.files.flatMap((file) => differenceLines(file, say.onlyIn, say))
      return { json: { ok: true, ...difference }, lines, exit: exitCodes.done }
    }),
}

const drift: Word = {
  usage: 'vault drift SERVER/LABEL',
  operands: [1, 1],
  options: {},
  run: (given, tools) =>
    orDamaged(async () => {
      const { call, say } = tools
      const { jobId } = await call('vault.drift', {
        databaseId: (await findDatabase(given.operands[0] ?? '', tools)).id,
      })
      await tools.follow(jobId)
      const result = await call('vault.result', { jobId })
      if (result?.kind !== 'drift') throw new LifeboatFailure('bug', 'What was compared is not known.')
      const lines = result.drift.equal
        ? [say.asSealed]
        : result.drift.files.flatMap((file) => differenceLines(file, say.onlySealed, say))
      return { json: { ok: true, drift: result.drift }, lines, exit: exitCodes.done }
    }),
}

const open: Word = {
  usage: 'vault open ID --to DIR',
  operands: [1, 1],
  options: { to: { type: 'string' } },
  async run(given, { call, cwd }) {
    const to = given.text('to')
    if (!to) throw wrongUsage(`--to is needed. Usage: lifeboat ${open.usage}`)
    return orDamaged(async () => {
      const { folder, files } = await call('vault.open', { id: given.operands[0] ?? '', to: resolve(cwd, to) })
      return { json: { ok: true, folder, files }, lines: files.map(printable), exit: exitCodes.done }
    })
  },
}

export const vaultWords = {
  'vault seal': seal,
  'vault list': list,
  'vault show': show,
  'vault diff': diff,
  'vault drift': drift,
  'vault open': open,
}

/** A seal that is damaged was checked, and that is what came out: no failure of the word. */
async function orDamaged(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LifeboatFailure) || error.kind !== 'seal-damaged') throw error
    const { kind, message } = error
    return {
      json: {
        ok: true,
        outcome: 'damaged',
        findings: [{ kind, detail: message, table: null, line: null, byte: null }],
      },
      lines: [printable(message)],
      exit: exitCodes.damaged,
    }
  }
}

function sealLine({ id, server, label, sealedAt, kind, look, names, file }: Seal, say: Words): string {
  const what = names.length > 0 ? names.map(printable).join(', ') : say.namesUnknown
  const how = look === 'changed' ? `${say.sealKind[kind]} (${say.sealChanged})` : say.sealKind[kind]
  return [id, printable(`${server}/${label}`), sealedAt, how, what, printable(file)].join('\t')
}

function keyLine(line: EnvLine): string[] {
  return line.kind === 'entry' ? [`  ${printable(line.key)}${line.overridden ? ' (×)' : ''}`] : []
}

function differenceLines(
  { name, in: place, added, removed, changed, otherwise }: FileDifference,
  only: Words['onlyIn'],
  say: Words,
): string[] {
  const marks = [
    ...added.map((key) => `  + ${printable(key)}`),
    ...removed.map((key) => `  - ${printable(key)}`),
    ...changed.map((key) => `  ~ ${printable(key)}`),
    ...(otherwise ? [`  ${say.differsOtherwise}`] : []),
  ]
  if (marks.length === 0 && place === 'both') return []
  return [`${printable(name)}${place === 'both' ? '' : ` (${only[place]})`}`, ...marks]
}
