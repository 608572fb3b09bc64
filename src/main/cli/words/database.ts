import { sourceProofSchema, type Place, type SourceProof } from '#shared/database.ts'
import { printable } from '#shared/name.ts'
import { wrongUsage, type Given } from '../arguments.ts'
import { exitCodes } from '../exit.ts'
import { findDatabase, findServer, splitReference } from '../find.ts'
import type { Word } from '../word.ts'

const add: Word = {
  usage:
    'database add SERVER/LABEL (--compose DIR [--compose-file F] [--compose-project P] --service S | --container C | --on-host) --dbname D --dbuser U ' +
    '[--backups DIR] [--env FILE]… [--format zstd|gzip] [--source-proof fingerprints|counts|off] [--verify-after] [--no-drift-check] [--image REF]',
  operands: [1, 1],
  options: {
    compose: { type: 'string' },
    'compose-file': { type: 'string' },
    'compose-project': { type: 'string' },
    service: { type: 'string' },
    container: { type: 'string' },
    'on-host': { type: 'boolean' },
    dbname: { type: 'string' },
    dbuser: { type: 'string' },
    backups: { type: 'string' },
    env: { type: 'string', multiple: true },
    format: { type: 'string' },
    'source-proof': { type: 'string' },
    'verify-after': { type: 'boolean' },
    'no-drift-check': { type: 'boolean' },
    image: { type: 'string' },
  },
  async run(given, tools) {
    const { server: serverName, label } = splitReference(given.operands[0] ?? '')
    const place = placeOf(given)
    const dbname = given.text('dbname')
    const dbuser = given.text('dbuser')
    if (!dbname || !dbuser) throw wrongUsage(`--dbname and --dbuser are needed. Usage: lifeboat ${add.usage}`)
    const server = await findServer(serverName, tools)
    const database = await tools.call('database.add', {
      server: server.id,
      label,
      place,
      dbname,
      dbuser,
      backups: given.text('backups') ?? null,
      env: given.texts('env'),
      format: formatOf(given.text('format')),
      sourceProof: sourceProofOf(given.text('source-proof')),
      verifyAfter: given.flag('verify-after'),
      driftCheck: !given.flag('no-drift-check'),
      image: given.text('image') ?? null,
    })
    return { json: { ok: true, database }, lines: [tools.say.added(`${server.name}/${label}`)], exit: exitCodes.done }
  },
}

const list: Word = {
  usage: 'database list',
  asksNothing: true,
  operands: [0, 0],
  options: {},
  async run(_given, { call, say }) {
    const databases = await call('database.list', {})
    const lines = databases.map(
      (d) => printable(`${d.serverName}/${d.label}`) + `\t${printable(d.dbname)}\t${d.place.kind}`,
    )
    return { json: { ok: true, databases }, lines: lines.length > 0 ? lines : [say.noDatabases], exit: exitCodes.done }
  },
}

const remove: Word = {
  usage: 'database remove SERVER/LABEL',
  asksNothing: true,
  operands: [1, 1],
  options: {},
  async run(given, tools) {
    const database = await findDatabase(given.operands[0] ?? '', tools)
    await tools.call('database.remove', { id: database.id })
    return {
      json: { ok: true },
      lines: [tools.say.removed(`${database.serverName}/${database.label}`)],
      exit: exitCodes.done,
    }
  },
}

export const databaseWords = { 'database add': add, 'database list': list, 'database remove': remove }

function placeOf(given: Given): Place {
  const dir = given.text('compose')
  const container = given.text('container')
  if (given.among('compose', 'container', 'on-host').length !== 1)
    throw wrongUsage('Name one of --compose, --container and --on-host.')
  const ofCompose = given.among('service', 'compose-file', 'compose-project')
  if (dir === undefined && ofCompose.length > 0) throw wrongUsage(`--${ofCompose[0]} belongs to --compose.`)
  if (dir !== undefined) {
    const service = given.text('service')
    if (!service) throw wrongUsage('--compose needs --service.')
    const project = given.text('compose-project') ?? null
    return { kind: 'compose', dir, file: given.text('compose-file') ?? null, service, project }
  }
  return container !== undefined ? { kind: 'container', container } : { kind: 'host' }
}

function formatOf(text: string | undefined): 'auto' | 'zstd' | 'gzip' {
  if (text === undefined) return 'auto'
  if (text !== 'zstd' && text !== 'gzip') throw wrongUsage('--format takes zstd or gzip.')
  return text
}

function sourceProofOf(text: string | undefined): SourceProof {
  const proof = sourceProofSchema.safeParse(text ?? 'fingerprints')
  if (!proof.success) throw wrongUsage('--source-proof takes fingerprints, counts or off.')
  return proof.data
}
