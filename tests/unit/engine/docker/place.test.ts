import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Container } from '#engine/docker/containers.ts'
import { inside } from '#engine/docker/inside.ts'
import { isDefaultFile, isOfService, locate, parseIds } from '#engine/docker/place.ts'

function container(compose: Partial<NonNullable<Container['compose']>> | null): Container {
  const labels = {
    project: 'p',
    service: 'db',
    dir: '/srv/p',
    files: ['/srv/p/compose.yaml'],
    number: 1,
    oneoff: false,
  }
  return {
    id: 'a'.repeat(64),
    name: 'p-db-1',
    image: 'postgres',
    state: 'running',
    compose: compose === null ? null : { ...labels, ...compose },
    environmentNames: [],
    postgresUser: null,
    postgresDb: null,
  }
}

const place = (file: string | null = null, dir = '/srv/p', project: string | null = null) => ({
  kind: 'compose' as const,
  dir,
  file,
  service: 'db',
  project,
})

describe('a container belongs to a service', () => {
  it('when folder, service and file agree', () => {
    expect(isOfService(container({}), place())).toBe(true)
    expect(isOfService(container({}), place(null, '/srv/p/'))).toBe(true)
    expect(isOfService(container({}), place('compose.yaml'))).toBe(true)
    expect(isOfService(container({}), place('/srv/p/compose.yaml'))).toBe(true)
    const overridden = ['/srv/p/docker-compose.yml', '/srv/p/docker-compose.override.yml']
    expect(isOfService(container({ files: overridden }), place())).toBe(true)
    expect(isOfService(container({ files: ['compose.prod.yml'] }), place('compose.prod.yml'))).toBe(true)
  })

  it('and not when one of them differs', () => {
    expect(isOfService(container({ service: 'db2' }), place())).toBe(false)
    expect(isOfService(container({ dir: '/srv/q' }), place())).toBe(false)
    expect(isOfService(container({ dir: null }), place())).toBe(false)
    expect(isOfService(container(null), place())).toBe(false)
    expect(isOfService(container({}), place('compose.prod.yaml'))).toBe(false)
    // prod must never be taken for the default project of the same folder
    expect(isOfService(container({ files: ['/srv/p/docker-compose.prod.yml'] }), place())).toBe(false)
    expect(isOfService(container({ files: ['/elsewhere/compose.yaml'] }), place())).toBe(false)
  })

  it('and not when another project is named, although folder, file and service are the same', () => {
    expect(isOfService(container({ project: 'p' }), place(null, '/srv/p', 'p'))).toBe(true)
    expect(isOfService(container({ project: 'p_test' }), place(null, '/srv/p', 'p'))).toBe(false)
  })

  it('and not when `compose run` has made it', () => {
    expect(isOfService(container({ oneoff: true }), place())).toBe(false)
  })
})

describe('file names', () => {
  it('that Compose takes by itself', () => {
    const defaults = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.override.yaml']
    for (const name of defaults) expect(isDefaultFile(`/x/${name}`)).toBe(true)
    for (const name of ['docker-compose.prod.yml', 'compose.json', 'my-compose.yml', ''])
      expect(isDefaultFile(name)).toBe(false)
  })
})

describe('ids', () => {
  it('are whole lines of 64 digits, and none after a failure', () => {
    const id = '0f'.repeat(32)
    expect(parseIds({ code: 0, stdout: `time="x" level=warning\n${id}\n${id}0\n`, stderr: '' })).toEqual([id])
    expect(parseIds({ code: 1, stdout: id, stderr: '' })).toEqual([])
    fc.assert(fc.property(fc.string(), (stdout) => Array.isArray(parseIds({ code: 0, stdout, stderr: '' }))))
  })
})

describe('a command where the database is', () => {
  it('goes through docker exec, and never through a shell', () => {
    const seat = { kind: 'container', docker: '/usr/bin/docker', id: 'abc', name: 'db' } as const
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (argv, value) => {
        const whole = inside(seat, argv, { PGTZ: value })
        expect(whole).toEqual(['/usr/bin/docker', 'exec', '-i', '-e', `PGTZ=${value}`, 'abc', ...argv])
      }),
    )
    expect(inside({ kind: 'host' }, ['psql'], { PGTZ: 'UTC' })).toEqual(['env', 'PGTZ=UTC', 'psql'])
    expect(inside({ kind: 'host' }, ['psql'])).toEqual(['psql'])
  })
})

describe('a container that a database names', () => {
  const id = `db12${'0'.repeat(60)}`
  const there = { id, name: '/shop-db', image: 'postgres', state: 'running', env: [], values: [null] }
  const labels = { project: null, service: null, dir: null, files: null, number: null, oneoff: null }
  // docker answers to a name and to the first digits of an id alike
  const server = async (argv: readonly string[]) => {
    if (!argv.includes('inspect')) return { code: 0, stdout: 'docker=/usr/bin/docker\n', stderr: '' }
    return { code: 0, stdout: `${JSON.stringify({ ...there, ...labels })}\n`, stderr: '' }
  }
  const seat = (container: string) => locate(server, { kind: 'container', container }, 'shop')

  it('is the one of that name or id, and none whose id only begins with the same letters', async () => {
    for (const wanted of ['shop-db', id, id.slice(0, 12)]) expect(await seat(wanted)).toMatchObject({ id })
    for (const gone of ['db', 'db12']) await expect(seat(gone)).rejects.toMatchObject({ kind: 'database-not-found' })
  })
})
