import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newDatabaseSchema, type NewDatabase } from '#shared/database.ts'
import { countHeld, type CountStep } from '#engine/backup/count-source.ts'
import { guardSource } from '#engine/backup/guard-source.ts'
import { holdSource } from '#engine/backup/hold-source.ts'
import { openSession } from '#engine/backup/open-session.ts'
import { openDatabase } from '#engine/servers/open-database.ts'
import { remoteOver } from '#engine/servers/remote.ts'
import { rig, rigDatabase } from '../rig/machine/rig.ts'
import { over } from '../rig/servers-support.ts'
import { standBeside, type Beside } from './support/server-side.ts'
import { startWorld } from './support/world.ts'

const tag = randomBytes(4).toString('hex')
const dbname = `lifeboat_power_${tag}`
const owner = `lifeboat_owner_${tag}`
const reader = `lifeboat_reader_${tag}`

/** Code of an owner without power that takes back the power of whoever runs it, and shows it with a file on the server. */
const ownersTables = `set role ${owner};
  create function o.act(what text) returns void language plpgsql as $$ begin
    perform set_config('role', 'none', false);
    execute format('copy (select 1) to program %L', 'touch /tmp/gained-${tag}-' || what);
  end $$;
  create function o.evil(what text) returns int language plpgsql immutable as $$ begin
    perform o.act(what); return 1; exception when others then return 1; end $$;
  create function o.same(a int, b int) returns boolean language plpgsql immutable as $$ begin
    perform o.evil('operator'); return a = b; end $$;
  create operator o.=== (leftarg = int, rightarg = int, function = o.same);
  create domain o.small as int check (value > o.evil('domain'));
  create table o.plain (a int, b text); insert into o.plain select n, 'row ' || n from generate_series(1, 500) n;
  create index on o.plain (lower(b)) where a > 3;
  create table o.checked (a int check (a >= o.evil('check')), b o.small default 5); insert into o.checked values (7);
  create table o.expression (a int); create index on o.expression ((a + o.evil('expression')));
  create table o.predicate (a int); create index on o.predicate (a) where a > o.evil('predicate');
  create table o.operator (a int); create index on o.operator (a) where 1 operator(o.===) 2;
  create table o.domain (a int); create index on o.domain (a) where a > 5::o.small;
  create table o.statistics (a int); create statistics o.both on (a + o.evil('statistics')), a from o.statistics;
  create table o.parts (a int) partition by range ((a + o.evil('key')));
  create table o.part1 partition of o.parts for values from (0) to (100);
  create table o.part2 partition of o.parts for values from (100) to (200);
  create index on o.part2 ((a + o.evil('part')));
  insert into o.parts values (3), (150);`
const virtualColumn = `set role ${owner};
  create table o.virtual (a int, b int generated always as (a + 1) virtual); insert into o.virtual values (1)`
const refused = ['domain', 'expression', 'operator', 'part2', 'predicate', 'statistics']

type Server = { container: string; user: string; first: Beside; inside: Beside; database: Omit<NewDatabase, 'server'> }

const made: Server[] = []
afterAll(async () => {
  for (const { container, first } of made) {
    await first.query(`drop database ${dbname} with (force)`)
    await first.query(`drop role ${owner}, ${reader}`)
    execFileSync('docker', ['exec', container, 'sh', '-c', `rm -f /tmp/gained-${tag}-*`])
  }
})

async function madeOn(label: string): Promise<Server> {
  const { place, user, password } = rigDatabase(label)
  if (place.kind === 'host') throw new Error(`${label} runs in no container`)
  const { container } = place
  const first = await standBeside({ container, dbname: 'postgres', user, password })
  await first.query(`create role ${owner}; create role ${reader} login; grant pg_read_all_data to ${reader}`)
  await first.query(`create database ${dbname}`)
  const inside = await standBeside({ container, dbname, user, password })
  const database = { label: dbname, place: { kind: 'container' as const, container }, dbname, dbuser: user }
  const server = { container, user, first, inside, database }
  made.push(server)
  await inside.query(`create schema o authorization ${owner}; ${ownersTables} reset role;
    create table public.own (a int); insert into public.own values (1), (2)`)
  return server
}

const gained = ({ container }: Server): string =>
  execFileSync('docker', ['exec', container, 'sh', '-c', `ls /tmp | grep gained-${tag} || true`], { encoding: 'utf8' })

const forget = ({ container }: Server): Buffer =>
  execFileSync('docker', ['exec', container, 'sh', '-c', `rm -f /tmp/gained-${tag}-*`])

describe.each(['pg15', 'pg17', 'latin1'])('a source on %s whose owner has no power', (label) => {
  let server: Server
  beforeAll(async () => {
    server = await madeOn(label)
    if (label === 'latin1') await server.inside.query(`${virtualColumn}; reset role`)
    forget(server)
  }, 60_000)

  test('gains none when a superuser counts its tables', async () => {
    const world = await startWorld()
    const ended = await (await world.backup(await world.addDatabase(server.database))).ended
    expect(ended, JSON.stringify(ended.failure)).toMatchObject({ state: 'done', outcome: 'proven' })
    expect(gained(server)).toBe('')
    const { snapshot, tables } = await world.copy(ended.copyIds[0] ?? '')
    expect(snapshot?.note).toMatch(/^Not counted, because functions .* with the database user's power: o\.domain, /)
    const dumped = tables.map(({ schema, name }) => `${schema}.${name}`)
    expect(dumped).toEqual(expect.arrayContaining(refused.map((name) => `o.${name}`)))
    const rest = tables.filter(({ schema, name }) => schema !== 'o' || !refused.includes(name))
    expect(snapshot?.tables).toEqual(expect.arrayContaining(rest))
    expect(snapshot?.tables).toHaveLength(rest.length)
    expect(rest.find(({ name }) => name === 'plain')).toMatchObject({ rows: 500, fingerprint: expect.any(String) })
  })

  test('gains none by what it adds when the source is already held', async () => {
    await held(server, async (counts) => {
      await server.inside.query(`set role ${owner};
        create index late on o.plain ((a + o.evil('late'))); reset role`)
      forget(server)
      const steps = await counts()
      expect(gained(server)).toBe('')
      const left = steps.flatMap(({ leftOut }) => leftOut).map(({ name, why }) => ({ name, why }))
      expect(left).toContainEqual({ name: 'plain', why: 'foreign-code' })
      expect(steps.flatMap(({ counted }) => counted).map(({ name }) => name)).toContain('checked')
    })
    await server.inside.query('drop index o.late')
  })

  test('can add nothing while the guard holds it, and is not counted while somebody else is at it', async () => {
    await held(server, async (counts, guard, tables) => {
      const plain = tables.filter(({ name }) => name === 'plain')
      expect(await guard.hold(plain)).toEqual([true])
      const add = `set lock_timeout = '200ms'; create index on o.plain (a)`
      await expect(server.inside.query(add)).rejects.toThrow(/lock timeout/)
      await guard.release()
      await server.inside.query('begin; lock table o.plain in share update exclusive mode')
      const steps = await counts()
      await server.inside.query('rollback')
      const left = steps.flatMap(({ leftOut }) => leftOut)
      expect(left).toContainEqual(expect.objectContaining({ name: 'plain', why: 'busy' }))
      expect(steps.flatMap(({ counted }) => counted).map(({ name }) => name)).toContain('checked')
    })
  })

  test('is counted as far by a user who may only read, and so lock nothing', async () => {
    await held(
      server,
      async (counts) => {
        const steps = await counts()
        const left = steps.flatMap(({ leftOut }) => leftOut)
        expect(left.map(({ name, why }) => `${name}: ${why}`)).toEqual(refused.map((name) => `${name}: foreign-code`))
        const counted = steps.flatMap((step) => step.counted)
        expect(counted).toContainEqual(expect.objectContaining({ name: 'plain', rows: 500 }))
        // what belongs to a superuser
        expect(counted).toContainEqual(expect.objectContaining({ name: 'own', rows: 2 }))
      },
      reader,
    )
  })
})

type Held = (
  counts: () => Promise<CountStep[]>,
  guard: Awaited<ReturnType<typeof guardSource>>,
  tables: Awaited<ReturnType<typeof holdSource>>['tables'],
) => Promise<void>

/** Holds the source as a backup does, and counts it when it is told. */
async function held(server: Server, work: Held, dbuser = server.user): Promise<void> {
  const database = newDatabaseSchema.parse({ ...server.database, dbuser, server: 'rig' })
  await over(rig().users.operator, async (connection) => {
    const signal = new AbortController().signal
    const { postgres, facts } = await openDatabase(remoteOver(connection, signal), database, 'rig')
    const session = openSession({ connection, postgres, name: `lifeboat-power-${tag}`, signal })
    try {
      const source = await holdSource(await session.ready, facts.versionNumber)
      const guard = await guardSource(await session.another(), facts)
      const counting = { method: 'fingerprints', encoding: facts.encoding, guard: async () => guard } as const
      const counts = async (): Promise<CountStep[]> => {
        const steps: CountStep[] = []
        for await (const step of countHeld(source, counting)) steps.push(step)
        return steps
      }
      await work(counts, guard, source.tables)
    } finally {
      expect(await session.end()).toBe(true)
    }
    const left = `select 1 from pg_stat_activity where application_name = 'lifeboat-power-${tag}'`
    expect(await server.first.query(left)).toEqual([])
  })
}
