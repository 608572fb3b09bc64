import { createServer, type AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxEngines } from '#engine/sandbox/engines.ts'
import { roleNames, type Sandbox } from '#engine/sandbox/sandbox.ts'
import { ask, distantDocker, docker, folders, inDocker, scratch, withDockerHost } from './sandbox-support.ts'

let place: Awaited<ReturnType<typeof scratch>>
let sandbox: Sandbox

beforeAll(async () => {
  place = await scratch()
  sandbox = await place.start({})
})

afterAll(async () => {
  await sandbox.stop()
  await place.remove()
})

/** What a program inside says, with its exit code. */
async function inside(...argv: string[]): Promise<{ code: number; stdout: string }> {
  if (sandbox.run === null) throw new Error('no programs in there')
  const { stdout, done } = sandbox.run(argv, { signal: new AbortController().signal })
  let text = ''
  for await (const bytes of stdout) text += Buffer.from(bytes).toString()
  return { code: (await done).code, stdout: text.trim() }
}

test('docker is found, with the images that lie here', async () => {
  const facts = (await sandboxEngines(new AbortController().signal)).find(({ kind }) => kind === 'docker')
  expect(facts).toMatchObject({ available: true, reason: null })
  expect(facts?.images).toEqual(
    expect.arrayContaining(['postgres:15-alpine', 'postgres:17-alpine', 'postgres:18-alpine']),
  )
})

describe('sessions', () => {
  test.each(['admin', 'loader', 'reader'] as const)(
    '%s logs in as its own role, with the settings that make text equal',
    async (role) => {
      const names = ['TimeZone', 'DateStyle', 'IntervalStyle', 'extra_float_digits', 'bytea_output', 'row_security']
      const all = [...names, 'search_path', 'client_encoding', 'event_triggers']
      const values = all.map((name) => `current_setting('${name}')`).join(` || '|' || `)
      expect(await ask(sandbox, role, `SELECT session_user || '|' || ${values}`)).toEqual([
        `${roleNames[role]}|UTC|ISO, YMD|postgres|3|hex|off||UTF8|off`,
      ])
    },
  )

  test('a setting that the dump gives a role or a database changes no session', async () => {
    await ask(sandbox, 'admin', `CREATE DATABASE zoned`)
    await ask(sandbox, 'admin', `ALTER DATABASE zoned SET "TimeZone" = 'Asia/Tokyo'`)
    await ask(sandbox, 'admin', `ALTER ROLE ${roleNames.loader} SET bytea_output = 'escape'`)
    const sql = `SELECT current_setting('TimeZone') || current_setting('bytea_output')`
    expect(await ask(sandbox, 'loader', sql, 'zoned')).toEqual(['UTChex'])
  })

  test('a database that is not there is said to be missing, and the sandbox is not lost', async () => {
    await expect(sandbox.connect('loader', 'nowhere')).rejects.toMatchObject({ kind: 'not-found' })
    expect(await ask(sandbox, 'admin', 'SELECT 1')).toEqual([1])
  })

  test('a letter is a letter, whatever the order of text', async () => {
    expect(await ask(sandbox, 'loader', `SELECT 'Ä' ~ '^[[:alpha:]]$' AND lower('Ä') = 'ä'`)).toEqual([true])
  })
})

describe('the way out', () => {
  test('there is none: not by the network, not as the superuser of SQL', async () => {
    const server = createServer((line) => line.end('reached'))
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', () => resolve()))
    const { port } = server.address() as AddressInfo
    const gateway = networkInterfaces()['docker0']?.[0]?.address ?? 'no bridge'
    const reach = `exec 3<>/dev/tcp/${gateway}/${port}; cat <&3`
    try {
      // a container as anybody starts it does reach this computer
      const usual = ['run', '--rm', '--entrypoint', 'bash', 'postgres:18-alpine', '-c', reach]
      expect(await docker(...usual)).toBe('reached')
      expect(await inside('bash', '-c', reach)).toMatchObject({ code: 1, stdout: '' })
      const program = `COPY out FROM PROGRAM 'bash -c "${reach}"'`
      await expect(ask(sandbox, 'loader', `CREATE TEMP TABLE out (line text); ${program}`)).rejects.toMatchObject({
        code: '38000',
      })
      expect(await inside('getent', 'hosts', 'deb.debian.org')).toMatchObject({ stdout: '' })
    } finally {
      server.close()
    }
    expect(
      await docker('inspect', '-f', '{{json .HostConfig.PortBindings}}', `lifeboat-sandbox-${sandbox.id}`),
    ).toMatch(/^(null|\{\})$/)
  })

  test('a program inside has no capability, and can get no more rights than it has', async () => {
    const { stdout } = await inside('grep', '-E', '^(CapPrm|CapEff|CapBnd|NoNewPrivs|Uid):', '/proc/self/status')
    expect(stdout).toMatch(/CapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+/)
    expect(stdout).toMatch(/NoNewPrivs:\t1/)
    expect(stdout).not.toMatch(/Uid:\t0/)
  })

  test.each(['/lifeboat/socket/left', '/etc/left', '/var/lib/postgresql/left', '/usr/local/bin/left'])(
    'nothing can be written to %s',
    async (path) => {
      await expect(ask(sandbox, 'loader', `COPY (SELECT 1) TO '${path}'`)).rejects.toThrow(/could not open file/)
    },
  )

  test('no secret stands in what docker tells of the container', async () => {
    const told = await docker('inspect', `lifeboat-sandbox-${sandbox.id}`)
    expect(told).not.toMatch(/\b[0-9a-f]{48}\b/)
    expect(told).not.toMatch(/POSTGRES_PASSWORD/)
  })
})

describe('the reader', () => {
  beforeAll(async () => {
    await ask(sandbox, 'admin', 'CREATE DATABASE shop')
    // as generous to everybody as a dump can be
    await ask(
      sandbox,
      'loader',
      `CREATE TABLE public.cards (id serial PRIMARY KEY, title text);
       INSERT INTO public.cards (title) VALUES ('a'), ('b');
       CREATE TABLE public.secret (id int); INSERT INTO public.secret VALUES (7);
       ALTER TABLE public.secret ENABLE ROW LEVEL SECURITY;
       CREATE MATERIALIZED VIEW public.titles AS SELECT title FROM public.cards;
       CREATE TABLE public.columns (a int, b int); GRANT INSERT (a), UPDATE (b) ON public.columns TO PUBLIC;
       GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC;
       GRANT ALL ON SCHEMA public TO PUBLIC; GRANT ALL ON DATABASE shop TO PUBLIC;
       SELECT lo_from_bytea(4711, 'x'); GRANT ALL ON LARGE OBJECT 4711 TO PUBLIC`,
      'shop',
    )
  })

  test('sees every row, also behind a policy', async () => {
    expect(await ask(sandbox, 'reader', 'SELECT title FROM public.cards ORDER BY id', 'shop')).toEqual(['a', 'b'])
    expect(await ask(sandbox, 'reader', 'SELECT id FROM public.secret', 'shop')).toEqual([7])
  })

  test.each([
    `INSERT INTO public.cards (title) VALUES ('c')`,
    `INSERT INTO public.columns (a) VALUES (1)`,
    `UPDATE public.cards SET title = 'c'`,
    `DELETE FROM public.cards`,
    `TRUNCATE public.cards`,
    `DROP TABLE public.cards`,
    `CREATE TABLE public.mine (a int)`,
    `CREATE TEMP TABLE mine (a int)`,
    `CREATE SCHEMA mine`,
    `CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    `SELECT nextval('public.cards_id_seq')`,
    `SELECT setval('public.cards_id_seq', 100)`,
    `SELECT lo_create(0)`,
    `SELECT lo_from_bytea(0, 'y')`,
    `SELECT lo_put(4711, 0, 'y')`,
    `SELECT lo_unlink(4711)`,
    `SELECT lowrite(lo_open(4711, 131072), 'y')`,
    `REFRESH MATERIALIZED VIEW public.titles`,
    `CREATE INDEX ON public.cards (title)`,
    `CREATE ROLE mine`,
    `CREATE DATABASE mine`,
    `SET ROLE ${roleNames.loader}`,
    `SET SESSION AUTHORIZATION ${roleNames.admin}`,
    `RESET ROLE; RESET SESSION AUTHORIZATION; DELETE FROM public.cards`,
    `ALTER ROLE ${roleNames.reader} SUPERUSER`,
    `ALTER SYSTEM SET work_mem = '1MB'`,
    `COPY public.cards TO PROGRAM 'id'`,
    `COPY public.cards TO '/tmp/left'`,
    `DO $$ BEGIN DELETE FROM public.cards; END $$`,
    `SELECT pg_read_file('/etc/passwd')`,
    `CHECKPOINT`,
  ])('can not write, also when it turns read-only off: %s', async (sql) => {
    const free = `SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; SET default_transaction_read_only = off`
    const client = await sandbox.connect('reader', 'shop')
    try {
      await client.query(free)
      await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' })
    } finally {
      await client.end()
    }
  })

  test('can not write in the transactions that it has by itself', async () => {
    await ask(sandbox, 'admin', `GRANT INSERT ON public.cards TO ${roleNames.reader}`, 'shop')
    const insert = `INSERT INTO public.cards (title) VALUES ('c')`
    await expect(ask(sandbox, 'reader', insert, 'shop')).rejects.toMatchObject({ code: '25006' })
    await ask(sandbox, 'admin', `REVOKE INSERT ON public.cards FROM ${roleNames.reader}`, 'shop')
  })
})

test('data that memory can not take lies on a volume, which goes with the container', async () => {
  const memory = Number(await docker('info', '-f', '{{.MemTotal}}'))
  const big = await place.start({ sqlBytes: memory / 5 })
  expect(await docker('volume', 'ls', '-q', '--filter', `label=app.lifeboat.sandbox=${big.id}`)).not.toBe('')
  expect(await ask(big, 'loader', 'SELECT 1')).toEqual([1])
  await big.stop()
  expect(await inDocker()).toHaveLength(1)
})

test('a container that is killed is lost at once, another one stands on, and nothing stays', async () => {
  const other = await place.start({ major: 15 })
  const before = await folders()
  await docker('kill', `lifeboat-sandbox-${other.id}`)
  await expect(other.lost).rejects.toMatchObject({ kind: 'sandbox-lost' })
  await expect(other.connect('loader', 'postgres')).rejects.toMatchObject({ kind: 'sandbox-lost' })
  await other.stop()
  await other.stop()
  expect(await inDocker()).toHaveLength(1)
  expect(before.filter((folder) => !existsSync(folder))).toHaveLength(1)
  expect(await ask(sandbox, 'loader', 'SELECT 1')).toEqual([1])
})

test('a daemon that shares nothing with this computer is reached by pipes; when the line to it goes, it is lost', async () => {
  const line = await distantDocker()
  try {
    await withDockerHost(line.host, async () => {
      const distant = await place.start({ major: 17 })
      const several = await Promise.all(
        [1, 2, 3].map(async (n) => ask(distant, 'loader', `SELECT length(repeat('x', 5000000)) + ${n}`)),
      )
      expect(several).toEqual([[5000001], [5000002], [5000003]])
      // the server sees that a session is gone: nothing of it stays behind
      const client = await distant.connect('admin', 'postgres')
      await expect
        .poll(
          async () => (await client.query(`SELECT FROM pg_stat_activity WHERE usename = 'lifeboat_loader'`)).rowCount,
        )
        .toBe(0)
      await client.end()
      line.cut()
      await expect(distant.lost).rejects.toMatchObject({ kind: 'sandbox-lost' })
      await distant.stop()
      expect(await inDocker()).toHaveLength(1)
    })
  } finally {
    await line.close()
  }
})

describe('could not check', () => {
  const nowhere = 'tcp://127.0.0.1:1'

  test('a daemon that does not answer', async () => {
    await withDockerHost(nowhere, async () => {
      await expect(place.start({})).rejects.toMatchObject({ kind: 'sandbox-missing' })
      const facts = (await sandboxEngines(new AbortController().signal)).find(({ kind }) => kind === 'docker')
      expect(facts).toMatchObject({ available: false, images: [] })
      expect(facts?.reason).toMatch(/does not answer/)
    })
  })

  test('auto then takes the embedded one, and names both reasons where that can not be had either', async () => {
    await withDockerHost(nowhere, async () => {
      const embedded = await place.start({ engine: 'auto', major: 17 })
      expect(embedded.engine).toMatchObject({ kind: 'embedded', image: null })
      await embedded.stop()
      await expect(place.start({ engine: 'auto', major: 19 })).rejects.toMatchObject({
        kind: 'sandbox-missing',
        message: expect.stringMatching(/does not answer.*postgres:19-alpine/) as string,
      })
    })
  })

  test('an image that is not here and can not be fetched', async () => {
    await expect(place.start({ image: 'localhost:1/lifeboat/none:1' })).rejects.toMatchObject({
      kind: 'sandbox-missing',
      message: expect.stringContaining('docker pull localhost:1/lifeboat/none:1') as string,
    })
  })

  test('an image that is no PostgreSQL', async () => {
    await expect(place.start({ image: 'agentcard-web:latest' })).rejects.toMatchObject({ kind: 'sandbox-missing' })
    expect(await inDocker()).toHaveLength(1)
  })

  test('a dump that fits neither in memory nor on the disk', async () => {
    await expect(place.start({ sqlBytes: 1e15 })).rejects.toMatchObject({ kind: 'sandbox-full' })
  })
})
