import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { failureSchema } from '#shared/failure.ts'
import { rig, rigDatabase, type RigDatabase } from './machine/rig.ts'
import { psql } from './machine/psql.ts'
import { catalogueIn } from '../support/copies.ts'
import { lifeboat, lifeboatOn } from '../support/lifeboat.ts'
import { orphanedSandboxes } from '../support/sandboxes.ts'

// The fields are a contract: strict schemas here, so that a field that goes missing breaks somebody's script in this test first.
const proof = z.object({
  rung: z.enum(['stored', 'readable', 'restored', 'exact']),
  outcome: z.enum(['proven', 'damaged', 'not-checked']),
  at: z.iso.datetime(),
  seconds: z.number(),
  engine: z.string(),
  detail: z.string(),
})
const table = z.object({ schema: z.string(), name: z.string(), rows: z.number(), fingerprint: z.string().nullable() })
const finding = z.object({
  kind: z.string(),
  detail: z.string(),
  table: z.string().nullable(),
  line: z.number().nullable(),
  byte: z.number().nullable(),
})
const copy = z.object({
  id: z.string(),
  server: z.string(),
  label: z.string(),
  file: z.string().startsWith('/'),
  bytes: z.number(),
  sha256: z.string().length(64),
  takenAt: z.iso.datetime(),
  origin: z.enum(['dump', 'backup']),
  serverVersion: z.string().nullable(),
  dumpVersion: z.string().nullable(),
  tables: z.array(table),
  proofs: z.array(proof),
})
const done = z.object({ ok: z.literal(true) })
const failed = z.object({ ok: z.literal(false), failure: failureSchema })
const copies = z.object({ ok: z.literal(true), copies: z.array(copy), seconds: z.number() })
const shown = z.object({ ok: z.literal(true), copy })
const listed = z.object({ ok: z.literal(true), copies: z.array(copy.omit({ tables: true })) })
const checked = z.object({
  ok: z.literal(true),
  outcome: z.enum(['proven', 'damaged', 'not-checked']),
  rung: z.string().nullable(),
  tables: z.array(table),
  findings: z.array(finding),
})

const verified = z.object({
  ok: z.literal(true),
  outcome: z.enum(['proven', 'damaged', 'not-checked']),
  rung: z.string().nullable(),
  engine: z.object({ kind: z.enum(['docker', 'embedded']), version: z.string() }).nullable(),
  seconds: z.number(),
  tables: z.array(
    z.object({
      schema: z.string(),
      name: z.string(),
      dumpRows: z.number(),
      restoredRows: z.number().nullable(),
      match: z.boolean().nullable(),
      sourceRows: z.number().nullable(),
      sourceMatch: z.boolean().nullable(),
    }),
  ),
  findings: z.array(finding),
})

let dir: string
let run: ReturnType<typeof lifeboatOn>

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lifeboat-cli-'))
  run = lifeboatOn(dir)
  const { ssh, users, keys } = rig()
  const hostKey = ssh.hostKeys[0]?.fingerprint ?? ''
  const login = ['--host', ssh.host, '--port', String(ssh.port), '--user', users.operator.name]
  await run(done, ['server', 'add', 'shop', ...login, '--key', keys.ed25519.path, '--host-key', hostKey])
  for (const label of ['prod', 'test', 'pg15', 'pg17']) {
    await run(done, ['database', 'add', `shop/${label}`, ...placeOf(rigDatabase(label))])
  }
})
afterAll(() => rm(dir, { recursive: true, force: true }))

function placeOf({ place, dbname, user, backups, envFiles }: RigDatabase): string[] {
  const where =
    place.kind === 'compose'
      ? ['--compose', place.dir, '--compose-file', place.file, '--service', place.service]
      : place.kind === 'container'
        ? ['--container', place.container]
        : ['--on-host']
  return [
    ...where,
    '--dbname',
    dbname,
    '--dbuser',
    user,
    ...(backups ? ['--backups', backups] : []),
    ...envFiles.flatMap((file) => ['--env', file]),
  ]
}

describe('backup', () => {
  it('takes a dump whose manifest holds each table of the source with its rows', async () => {
    const { code, json } = await run(copies, ['backup', 'shop/prod'])
    expect(code).toBe(0)
    const [taken] = json.copies
    if (!taken) throw new Error('no copy')
    expect(taken.proofs.map(({ rung, outcome }) => `${rung} ${outcome}`)).toEqual([
      'stored proven',
      'readable proven',
      // counted at the source, and not restored yet
      'exact not-checked',
    ])
    expect(taken).toMatchObject({ server: 'shop', label: 'prod', origin: 'dump' })
    expect(basename(taken.file)).toMatch(/^backup_prod_\d{8}_\d{6}\.sql\.zst$/)
    expect(
      createHash('sha256')
        .update(await readFile(taken.file))
        .digest('hex'),
    ).toBe(taken.sha256)
    const dumped = new Map(taken.tables.map((each) => [`${each.schema}.${each.name}`, each.rows]))
    expect(dumped).toEqual(foldPartitions(rowsAtSource(), dumped))
    expect(taken.tables.every((each) => each.fingerprint !== null)).toBe(true)
    expect((await stat(taken.file)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(taken.file))).mode & 0o777).toBe(0o700)
  })

  it.each(['pg15', 'pg17'])('takes a dump of %s with the pg_dump of that server', async (label) => {
    const { json } = await run(copies, ['backup', `shop/${label}`])
    expect(json.copies[0]?.dumpVersion).toMatch(new RegExp(`^${rigDatabase(label).major}\\.`))
    expect(json.copies[0]?.proofs.map((each) => each.outcome)).toEqual(['proven', 'proven', 'not-checked'])
  })

  it('leaves no database password, key or canary in anything it writes', async () => {
    const secrets = [
      ...rig().envFiles.flatMap((file) => Object.values(file.canaries)),
      ...rig().databases.flatMap((database) => (database.password ? [database.password] : [])),
    ]
    expect(secrets.length).toBeGreaterThan(2)
    for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = await readFile(join(entry.parentPath, entry.name), 'latin1')
      for (const secret of secrets) expect(bytes.includes(secret), `${secret} in ${entry.name}`).toBe(false)
    }
  })

  it('says that a database is not there, with a remedy, and keeps nothing', async () => {
    await run(done, [
      'database',
      'add',
      'shop/gone',
      '--container',
      'no-such-container',
      '--dbname',
      'x',
      '--dbuser',
      'x',
    ])
    const { code, json } = await run(failed, ['backup', 'shop/gone'])
    expect(code).toBe(1)
    expect(json.failure.kind).toBe('database-not-found')
    expect(json.failure.remedy).not.toBe('')
    expect((await run(listed, ['copy', 'list', 'shop/gone'])).json.copies).toEqual([])
  })
})

describe('pull', () => {
  it("brings what cron made, equal to the server's, and calls the damaged ones damaged", async () => {
    const { code, json } = await run(copies, ['pull', 'shop/prod', '--all'])
    const wanted = rig().backups.filter((backup) => backup.label === 'prod')
    expect(json.copies.map((each) => each.sha256).sort()).toEqual(wanted.map((each) => each.sha256).sort())
    for (const backup of wanted) {
      const brought = json.copies.find((each) => each.sha256 === backup.sha256)
      const readable = brought?.proofs.find((each) => each.rung === 'readable')
      expect(readable?.outcome, `${basename(backup.path)} is ${backup.state}`).toBe(
        backup.state === 'healthy' ? 'proven' : 'damaged',
      )
      expect(brought?.proofs.find((each) => each.rung === 'stored')?.outcome).toBe('proven')
      expect(basename(brought?.file ?? '')).toBe(basename(backup.path))
    }
    expect(code).toBe(4)
  })

  it('brings nothing twice', async () => {
    const { code, json } = await run(copies, ['pull', 'shop/prod', '--all'])
    expect(json.copies).toEqual([])
    expect(code).toBe(0)
  })

  it('goes on calling the newest one damaged, however often it is asked for', async () => {
    const { ssh, users, keys } = rig()
    const login = ['--host', ssh.host, '--port', String(ssh.port), '--user', users.operator.name]
    const hostKey = ssh.hostKeys[0]?.fingerprint ?? ''
    await run(done, ['server', 'add', 'nightly', ...login, '--key', keys.ed25519.path, '--host-key', hostKey])
    const folder = await mkdtemp(join(tmpdir(), 'lifeboat-nightly-'))
    try {
      await chmod(folder, 0o755)
      await writeFile(join(folder, 'backup_prod_20260101_030000.sql.gz'), gzipSync(''))
      await run(done, ['database', 'add', 'nightly/prod', ...placeOf({ ...rigDatabase('prod'), backups: folder })])
      const first = await run(copies, ['pull', 'nightly/prod', '--newest'])
      expect(first).toMatchObject({ code: 4, json: { copies: [{ origin: 'backup' }] } })
      expect(await run(copies, ['pull', 'nightly/prod', '--newest'])).toMatchObject({ code: 4, json: { copies: [] } })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('says that a named one is gone', async () => {
    const { code, json } = await run(failed, ['pull', 'shop/prod', '--name', 'backup_prod_19990101_000000.sql.gz'])
    expect(code).toBe(1)
    expect(json.failure.kind).toBe('backup-vanished')
  })
})

describe('check', () => {
  it('finds a copy whole, and damaged after one byte of it was changed', async () => {
    const id = (await run(listed, ['copy', 'list', 'shop/pg17'])).json.copies[0]?.id ?? ''
    const before = await run(checked, ['check', id])
    expect(before).toMatchObject({ code: 0, json: { outcome: 'proven', rung: 'readable' } })
    const { file } = (await run(shown, ['copy', 'show', id])).json.copy
    const bytes = await readFile(file)
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(file, bytes)
    const after = await run(checked, ['check', id])
    expect(after).toMatchObject({ code: 4, json: { outcome: 'damaged', rung: null } })
    expect((await run(listed, ['copy', 'list', 'shop/pg17'])).json.copies[0]?.proofs[0]?.outcome).toBe('damaged')
  })

  it('tells a file without a manifest apart: whole, cut, no checksum, hostile, not checkable', async () => {
    const copyFile = (await run(listed, ['copy', 'list', 'shop/prod'])).json.copies.find(
      (each) => each.origin === 'dump',
    )?.file
    if (!copyFile) throw new Error('no copy')
    const plain = execFileSync('zstd', ['-dc', copyFile], { maxBuffer: 1e9 })
    const files = join(dir, 'files')
    execFileSync('mkdir', ['-p', files])
    const write = async (name: string, content: Buffer | string): Promise<string> => {
      await writeFile(join(files, name), content)
      return join(files, name)
    }
    const whole = await run(checked, ['check', await write('whole.sql.gz', gzipSync(plain))])
    expect(whole).toMatchObject({ code: 0, json: { outcome: 'proven', findings: [] } })
    const cut = await run(checked, ['check', await write('cut.sql', plain.subarray(0, plain.length / 2))])
    expect(cut).toMatchObject({ code: 4, json: { outcome: 'damaged', rung: null } })
    expect(cut.json.findings[0]?.line).toBeGreaterThan(1)
    const zstd = await run(checked, ['check', await write('bare.sql.zst', await readFile(copyFile))])
    expect(zstd.json.findings.map((each) => each.kind)).toEqual(['no-checksum'])
    const hostile = await write('hostile.sql', `${plain.toString('latin1', 0, 200)}\n\\! touch /tmp/pwned\n`)
    expect(await run(failed, ['check', hostile])).toMatchObject({
      code: 3,
      json: { failure: { kind: 'dump-refused' } },
    })
    const archive = await write(
      'archive.dump',
      execFileSync(
        'docker',
        ['exec', containerOf('pg17'), 'pg_dump', '-Fc', '-U', rigDatabase('pg17').user, rigDatabase('pg17').dbname],
        { maxBuffer: 1e9 },
      ),
    )
    expect(await run(checked, ['check', archive])).toMatchObject({ code: 5, json: { outcome: 'not-checked' } })
    expect(await run(failed, ['check', join(files, 'nothing-here')])).toMatchObject({ code: 1 })
  })
})

describe('verify', () => {
  const wrong = (tables: z.infer<typeof verified>['tables']) =>
    tables.filter((table) => table.match !== true || table.restoredRows !== table.dumpRows)

  it.each([
    ['docker', 'prod'],
    ['docker', 'pg15'],
    ['docker', 'pg17'],
    ['embedded', 'prod'],
    ['embedded', 'pg15'],
    ['embedded', 'pg17'],
  ])('in %s proves the newest copy of %s exact, table by table', async (engine, label) => {
    const [copy] = (await run(listed, ['copy', 'list', `shop/${label}`])).json.copies.filter(
      (each) => each.origin === 'dump' && !each.proofs.some(({ outcome }) => outcome === 'damaged'),
    )
    const { id } = copy ?? (await run(copies, ['backup', `shop/${label}`])).json.copies[0] ?? { id: '' }
    const { code, json } = await run(verified, ['verify', id, '--engine', engine])
    // the rig has constraints that are NOT VALID on purpose, and errors that are explained
    // a PostgreSQL of another version brings other extensions, and is to say so
    const versions = engine === 'embedded' ? ['extension-version', 'collation-version'] : []
    const expected = ['load-error', 'constraint-not-valid', ...versions]
    // a server that other tests killed comes back with its unlogged table empty: rightly said beside the cron's older backups
    const emptied = json.findings.filter(({ kind }) => kind === 'table-emptied').map(({ table }) => table)
    expect(['', 'hard.unlogged']).toContain(emptied.join())
    expect(json.findings.filter(({ kind }) => ![...expected, 'table-emptied'].includes(kind))).toEqual([])
    expect(wrong(json.tables)).toEqual([])
    expect(json).toMatchObject({ outcome: 'proven', rung: 'exact', engine: { kind: engine } })
    expect(code).toBe(0)
    const after = (await run(shown, ['copy', 'show', id])).json.copy
    expect(after.tables.map(({ schema, name, rows }) => [schema, name, rows])).toEqual(
      json.tables.map(({ schema, name, dumpRows }) => [schema, name, dumpRows]),
    )
    expect(after.proofs.map(({ rung, outcome }) => `${rung} ${outcome}`)).toEqual(
      ['stored', 'readable', 'restored', 'exact'].map((rung) => `${rung} proven`),
    )
    expect(orphanedSandboxes()).toEqual([])
  })

  it('loads no file that is cut, and none that holds what pg_dump never writes', async () => {
    const files = join(dir, 'verify')
    await mkdir(files)
    const copyFile = (await run(listed, ['copy', 'list', 'shop/test'])).json.copies.find(
      (each) => each.origin === 'dump',
    )?.file
    const file = copyFile ?? (await run(copies, ['backup', 'shop/test'])).json.copies[0]?.file ?? ''
    const plain = execFileSync('zstd', ['-dc', file], { maxBuffer: 1e9 })
    const cut = join(files, 'cut.sql')
    await writeFile(cut, plain.subarray(0, plain.length / 2))
    const damaged = await run(verified, ['verify', cut])
    expect(damaged).toMatchObject({ code: 4, json: { outcome: 'damaged', rung: null, engine: null } })
    const hostile = join(files, 'hostile.sql')
    await writeFile(hostile, `${plain.toString('latin1', 0, 200)}\n\\! touch ${join(files, 'run')}\n`)
    const refused = await run(failed, ['verify', hostile])
    expect(refused).toMatchObject({ code: 3, json: { failure: { kind: 'dump-refused' } } })
    await expect(stat(join(files, 'run'))).rejects.toThrow()
    expect(orphanedSandboxes()).toEqual([])
  })

  it('reads an archive by the pg_restore of its sandbox, and says what it needs where there is none', async () => {
    const { user, dbname } = rigDatabase('pg17')
    const dumped = execFileSync('docker', ['exec', containerOf('pg17'), 'pg_dump', '-Fc', '-U', user, dbname], {
      maxBuffer: 1e9,
    })
    const archive = join(dir, 'archive.dump')
    await writeFile(archive, dumped)
    const whole = await run(verified, ['verify', archive, '--engine', 'docker'])
    expect(wrong(whole.json.tables)).toEqual([])
    expect(whole.json.tables.length).toBeGreaterThan(10)
    expect(whole).toMatchObject({ code: 0, json: { outcome: 'proven', rung: 'exact' } })
    const without = await run(verified, ['verify', archive, '--engine', 'embedded'])
    expect(without).toMatchObject({ code: 5, json: { outcome: 'not-checked', rung: null } })
    await writeFile(archive, dumped.subarray(0, Math.floor(dumped.length * 0.7)))
    const cut = await run(verified, ['verify', archive, '--engine', 'docker'])
    expect(cut).toMatchObject({ code: 4, json: { outcome: 'damaged', rung: null } })
    expect(orphanedSandboxes()).toEqual([])
  })

  it('without an engine says "not checked" and why, and takes nothing away from what was proven', async () => {
    const [copy] = (await run(listed, ['copy', 'list', 'shop/pg17'])).json.copies.filter((each) =>
      each.proofs.some(({ rung, outcome }) => rung === 'exact' && outcome === 'proven'),
    )
    const id = copy?.id ?? ''
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    const { code, json } = await run(verified, ['verify', id, '--engine', 'docker'], { env })
    expect(json).toMatchObject({ outcome: 'not-checked', rung: 'readable', engine: null })
    expect(json.findings.map(({ kind }) => kind)).toEqual(['sandbox-missing'])
    expect(code).toBe(5)
    const ladder = (await run(shown, ['copy', 'show', id])).json.copy.proofs
    expect(ladder.find(({ rung }) => rung === 'exact')?.outcome).toBe('proven')
  })
})

describe('a backup that is verified at once', () => {
  const name = 'cli_verify_after'
  const pg18 = { container: 'lifeboat-rig-pg18', user: 'postgres', dbname: 'postgres' }
  const place = ['--container', pg18.container, '--dbname', name, '--dbuser', pg18.user]
  const after = copies.extend({
    verifications: z.array(
      z.object({
        copyId: z.string(),
        outcome: z.string(),
        findings: z.array(finding),
        failure: failureSchema.nullable(),
      }),
    ),
  })
  beforeAll(async () => {
    await psql(pg18, `drop database if exists ${name} with (force);\ncreate database ${name};`)
    // a dump does not know that what a check reads has to be there first: such a database can not be restored
    await psql(
      { ...pg18, dbname: name },
      `create table rates (id int primary key);
       create function rate_exists(int) returns boolean language sql as 'select exists (select from public.rates where id = $1)';
       insert into rates values (1);
       create table orders (rate int check (rate_exists(rate)));
       insert into orders values (1);`,
    )
  })
  afterAll(() => psql(pg18, `drop database ${name} with (force);`))

  it('ends as damaged where the copy does not come back, and names what is wrong', async () => {
    await run(done, ['database', 'add', 'shop/unrestorable', ...place, '--verify-after'])
    const { code, json } = await run(after, ['backup', 'shop/unrestorable'])
    expect(json.verifications).toMatchObject([{ copyId: json.copies[0]?.id, outcome: 'damaged', failure: null }])
    expect(json.verifications[0]?.findings.map(({ detail }) => detail).join('\n')).toContain('orders')
    expect(code).toBe(4)
  })

  it('ends as not checked where the verification could not be done, and says why', async () => {
    const image = ['--image', 'No Image']
    await run(done, ['database', 'add', 'shop/unverifiable', ...place, '--verify-after', ...image])
    const { code, json } = await run(after, ['backup', 'shop/unverifiable'])
    expect(json.verifications).toMatchObject([{ outcome: 'not-checked', failure: { kind: 'invalid-input' } }])
    expect(code).toBe(5)
  })

  it('ends as cancelled by one interrupt, with all verifications that wait', async () => {
    await run(done, ['database', 'add', 'shop/interrupted', ...placeOf(rigDatabase('prod')), '--verify-after'])
    const stop = new AbortController()
    const waitForSandbox = (said: string): void => {
      if (said.includes(': sandbox')) stop.abort()
    }
    const args = ['--data-dir', dir, 'pull', 'shop/interrupted', '--all']
    const { code, stderr } = await lifeboat(args, { signal: stop.signal, onStderr: waitForSandbox })
    expect([code, stderr]).toEqual([1, expect.stringContaining('was made and is kept')])
    const jobs = z.object({ jobs: z.array(z.object({ kind: z.string(), subject: z.string(), state: z.string() })) })
    const verifications = (await run(jobs, ['job', 'list'])).json.jobs.filter(
      ({ kind, subject }) => kind === 'verify' && subject === 'shop/interrupted',
    )
    expect(verifications.length).toBeGreaterThan(1)
    expect(new Set(verifications.map(({ state }) => state))).toEqual(new Set(['cancelled']))
    expect(orphanedSandboxes()).toEqual([])
  })
})

describe('safety', () => {
  it('does not log in where the host key is unknown and nobody can say yes', async () => {
    const { ssh, users, keys } = rig()
    const login = [
      '--host',
      ssh.host,
      '--port',
      String(ssh.port),
      '--user',
      users.operator.name,
      '--key',
      keys.ed25519.path,
    ]
    await run(done, ['server', 'add', 'unknown', ...login])
    await run(done, ['database', 'add', 'unknown/prod', ...placeOf(rigDatabase('prod'))])
    const { code, json } = await run(failed, ['backup', 'unknown/prod'])
    expect(code).toBe(3)
    expect(json.failure.kind).toBe('host-key-unknown')
    expect(json.failure.message + (json.failure.detail ?? '')).toContain('SHA256:')
  })

  it('stops at another host key than the one that was named', async () => {
    const { ssh, users, keys } = rig()
    const wrong = `SHA256:${'A'.repeat(43)}`
    const login = [
      '--host',
      ssh.host,
      '--port',
      String(ssh.port),
      '--user',
      users.operator.name,
      '--key',
      keys.ed25519.path,
    ]
    await run(done, ['server', 'add', 'changed', ...login, '--host-key', wrong])
    const { code } = await run(z.object({ ok: z.boolean() }), ['server', 'test', 'changed'])
    expect(code).toBe(3)
  })

  it('goes on after a key has changed once the old one is taken away, and not before', async () => {
    const own = await mkdtemp(join(tmpdir(), 'lifeboat-unpin-'))
    onTestFinished(() => rm(own, { recursive: true, force: true }))
    const { ssh, users, keys, inner } = rig()
    const runOwn = lifeboatOn(own)
    const at = { host: ssh.host, port: ssh.port }
    const login = ['--host', at.host, '--port', String(at.port), '--user', users.operator.name]
    const hostKey = ssh.hostKeys[0]?.fingerprint ?? ''
    await runOwn(done, ['server', 'add', 'shop', ...login, '--key', keys.ed25519.path, '--host-key', hostKey])
    const [another] = inner.hostKeys
    const [type = '', key = ''] = another?.publicKey.split(' ') ?? []
    const old = {
      ...at,
      way: '',
      type,
      key,
      fingerprint: another?.fingerprint ?? '',
      addedAt: '2026-01-01T00:00:00.000Z',
    }
    catalogueIn(own).pins.add(old)
    const tested = z.object({
      checks: z.array(z.object({ name: z.string(), outcome: z.string(), remedy: z.unknown() })),
    })
    const keyCheck = async () => {
      const { code, json } = await runOwn(tested, ['server', 'test', 'shop'])
      return { code, ...json.checks.find(({ name }) => name === 'host-key') }
    }
    expect(await keyCheck()).toMatchObject({
      code: 3,
      outcome: 'failed',
      remedy: expect.stringContaining('lifeboat server unpin'),
    })
    expect(await runOwn(failed, ['server', 'unpin', 'shop'])).toMatchObject({
      code: 1,
      json: { failure: { kind: 'answer-needed' } },
    })
    const listedPins = z.object({ ok: z.literal(true), pins: z.array(z.unknown()) })
    expect((await runOwn(listedPins, ['server', 'pins', 'shop'])).json.pins).toEqual([old])
    expect((await runOwn(done, ['server', 'unpin', 'shop', type, '--yes'])).code).toBe(0)
    expect((await runOwn(listedPins, ['server', 'pins', 'shop'])).json.pins).toEqual([])
    // the server is reached again; that its cron makes nothing any more is another matter, and fails the test as a whole
    expect(await keyCheck()).toMatchObject({ code: 1, outcome: 'proven' })
  })

  it('takes the passphrase of a key from a descriptor, and says login-refused or key-file for a wrong one', async () => {
    const { ssh, users, keys } = rig()
    const hostKey = ssh.hostKeys[0]?.fingerprint ?? ''
    const login = ['--host', ssh.host, '--port', String(ssh.port), '--user', users.operator.name]
    await run(done, ['server', 'add', 'locked', ...login, '--key', keys.encrypted.path, '--host-key', hostKey])
    await run(done, ['database', 'add', 'locked/test', ...placeOf(rigDatabase('test'))])
    const right = await run(copies, ['--passphrase-fd', '0', 'backup', 'locked/test'], {
      input: `${keys.encrypted.passphrase}\n`,
    })
    expect(right.code).toBe(0)
    const wrong = await run(failed, ['--passphrase-fd', '0', 'backup', 'locked/test'], { input: 'not it\n' })
    expect(wrong.code).toBe(1)
    expect(['login-refused', 'key-file', 'answer-needed']).toContain(wrong.json.failure.kind)
  })
})

describe('the command line', () => {
  it.each([[['nonsense']], [['backup']], [['server', 'add', 'x']], [['check', 'a', 'b']]])(
    '%j is wrong usage',
    async (args) => {
      const { code, json } = await run(failed, args)
      expect(code).toBe(2)
      expect(json.failure.kind).toBe('wrong-usage')
    },
  )

  it('ends with 1 and names what it did not find', async () => {
    const { code, json } = await run(failed, ['backup', 'shop/nothing'])
    expect(code).toBe(1)
    expect(json.failure.message).toContain('shop/nothing')
  })

  it('lists for people without --json', async () => {
    const { code, stdout } = await lifeboat(['--data-dir', dir, 'server', 'list'])
    expect(code).toBe(0)
    expect(stdout).toContain('shop\t')
  })

  it('rebuilds the catalogue from nothing but the files', async () => {
    const before = (await run(listed, ['copy', 'list'])).json.copies
    for (const file of ['catalogue.sqlite', 'catalogue.sqlite-wal', 'catalogue.sqlite-shm'])
      await rm(join(dir, file), { force: true })
    const rebuilt = await run(z.object({ ok: z.literal(true), copies: z.number() }), ['catalogue', 'rebuild'])
    expect(rebuilt.json.copies).toBe(before.length)
    const after = (await run(listed, ['copy', 'list'])).json.copies
    expect(after.map(({ id, sha256 }) => ({ id, sha256 }))).toEqual(before.map(({ id, sha256 }) => ({ id, sha256 })))
    expect(
      (await run(z.object({ servers: z.array(z.object({ name: z.string() })) }), ['server', 'list'])).json.servers.map(
        (each) => each.name,
      ),
    ).toContain('shop')
  })
})

function containerOf(label: string): string {
  const { place } = rigDatabase(label)
  if (place.kind === 'host') throw new Error(`${label} runs in no container`)
  return place.container
}

/** Every table with data of its own, counted by the server itself. */
function rowsAtSource(): Map<string, number> {
  const { user, dbname } = rigDatabase('prod')
  const sql = `select n.nspname, c.relname, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from only %I.%I', n.nspname, c.relname), false, true, '')))[1]::text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`
  const out = execFileSync(
    'docker',
    ['exec', containerOf('prod'), 'psql', '-U', user, '-d', dbname, '-XAt', '-F', '\x1f', '-R', '\x1e', '-c', sql],
    {
      encoding: 'utf8',
    },
  )
  return new Map(
    out
      .split('\x1e')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [schema = '', name = '', rows = ''] = line.split('\x1f')
        return [`${schema}.${name}`, Number(rows)]
      }),
  )
}

/** pg_dump loads partitions by the hash of an enum through their root: there the dump knows only the root. */
function foldPartitions(source: Map<string, number>, dumped: Map<string, number>): Map<string, number> {
  const folded = new Map(source)
  for (const root of [...dumped.keys()].filter((name) => !source.has(name))) {
    const leaves = [...source].filter(([name]) => name.startsWith(`${root}_`))
    for (const [name] of leaves) folded.delete(name)
    folded.set(
      root,
      leaves.reduce((sum, [, rows]) => sum + rows, 0),
    )
  }
  return folded
}
