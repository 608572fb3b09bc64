import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspect, listContainers, parseContainers } from '#engine/docker/containers.ts'
import type { Answer, Remote } from '#engine/docker/remote.ts'

const id = 'ab'.repeat(32)
const line = (change: Record<string, unknown> = {}) =>
  JSON.stringify({
    id,
    name: '/shop-db-1',
    image: 'postgres:18-alpine',
    state: 'running',
    project: 'shop',
    service: 'db',
    dir: '/srv/shop',
    files: '/srv/shop/compose.yaml,/srv/shop/compose.override.yaml',
    number: '1',
    oneoff: 'False',
    env: ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'PGDATA'],
    values: [null, ['POSTGRES_USER', 'shop', 'keeper'], ['POSTGRES_DB', '']],
    ...change,
  })

const said = (answer: Partial<Answer>): Remote => {
  return async () => ({ code: 0, stdout: '', stderr: '', ...answer })
}

describe('what docker inspect says', () => {
  it('is read with its labels, and an = inside a value is part of it', () => {
    expect(parseContainers(`${line()}\n`)).toEqual([
      {
        id,
        name: 'shop-db-1',
        image: 'postgres:18-alpine',
        state: 'running',
        compose: {
          project: 'shop',
          service: 'db',
          dir: '/srv/shop',
          files: ['/srv/shop/compose.yaml', '/srv/shop/compose.override.yaml'],
          number: 1,
          oneoff: false,
        },
        environmentNames: ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'PGDATA'],
        postgresUser: 'shop=keeper',
        postgresDb: null,
      },
    ])
  })

  it('is read where labels are missing', () => {
    const [container] = parseContainers(line({ project: '', service: '', dir: '', files: '', number: '', oneoff: '' }))
    expect(container?.compose).toBeNull()
    expect(parseContainers(line({ project: null }))[0]?.compose).toBeNull()
    expect(parseContainers(line({ dir: '', files: '' }))[0]?.compose).toMatchObject({ dir: null, files: [] })
  })

  it('loses only the line that makes no sense', () => {
    const bad = ['Error: No such object: x', '{"id":', line({ id: 'not an id' }), line({ env: 'x' }), 'null', '[]']
    for (const noise of bad) expect(parseContainers(`${line()}\n${noise}\n${line()}`)).toHaveLength(2)
  })

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseContainers(text))))
    fc.assert(fc.property(fc.json(), (json) => Array.isArray(parseContainers(`{${json}\n${json}`))))
  })

  it('keeps any name as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const [container] = parseContainers(line({ service: `x${name}`, dir: `/x${name}` }))
        expect(container?.compose).toMatchObject({ service: `x${name}`, dir: `/x${name}` })
      }),
    )
  })
})

describe('asking docker', () => {
  it('tells a refusal from an answer', async () => {
    const stderr = 'permission denied while trying to connect to the Docker daemon socket'
    expect(await listContainers(said({ code: 90, stderr }), 'docker')).toEqual({ refused: stderr })
    expect(await inspect(said({ code: 1, stderr }), 'docker', 'db')).toEqual({ refused: stderr })
  })

  it('leaves out a container that went away meanwhile', async () => {
    const stderr = 'Error: No such container: x'
    expect(await listContainers(said({ code: 1, stdout: line(), stderr }), 'docker')).toMatchObject({
      containers: [{ id }],
    })
    expect(await listContainers(said({ code: 1, stderr }), 'docker')).toEqual({ containers: [] })
    expect(await inspect(said({ code: 1, stderr }), 'docker', 'x')).toEqual({ containers: [] })
  })

  it('sends for no value of an environment but the user and the database', async () => {
    const sent: string[] = []
    await inspect(async (argv) => (sent.push(...argv), { code: 0, stdout: '', stderr: '' }), 'docker', 'db')
    const template = sent.find((word) => word.startsWith('{')) ?? ''
    expect(template).toContain('POSTGRES_USER')
    expect(template).not.toMatch(/json \.Config\.Env|PASSWORD/)
  })
})
