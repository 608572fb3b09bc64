import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainDaemon, findDocker, parseComposeVersion, parseVersion } from '#engine/docker/find.ts'
import { findPrograms, parsePrograms } from '#engine/docker/programs.ts'
import type { Answer, Remote } from '#engine/docker/remote.ts'
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** This computer stands in for a server: a real shell and real files. */
function here(env: NodeJS.ProcessEnv): Remote {
  return ([program = '', ...args]) =>
    new Promise<Answer>((resolve) => {
      execFile(program, args, { env }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 127) : 0
        resolve({ code, stdout, stderr })
      })
    })
}

function scripted(answers: (argv: readonly string[]) => Partial<Answer> | undefined): Remote {
  return async (argv) => ({ code: 0, stdout: '', stderr: '', ...(answers(argv) ?? { code: 127 }) })
}

describe('looking for programs', () => {
  it('finds them where PATH does not lead, by absolute path, folders with blanks and quotes included', async () => {
    const folder = mkdtempSync(join(tmpdir(), `it's "odd" $(x) `))
    try {
      mkdirSync(join(folder, 'bin'))
      const program = join(folder, 'bin', 'lifeboat-odd')
      writeFileSync(program, '#!/bin/sh\n')
      const home = { HOME: folder, PATH: '/nowhere' }
      expect(await findPrograms(here(home), ['lifeboat-odd'])).toEqual({})
      chmodSync(program, 0o755)
      expect(await findPrograms(here(home), ['lifeboat-odd', 'lifeboat-none'])).toEqual({ 'lifeboat-odd': program })
      const inPath = { HOME: '/nowhere', PATH: `relative:/nowhere:${folder}/bin` }
      expect(await findPrograms(here(inPath), ['lifeboat-odd'])).toEqual({ 'lifeboat-odd': program })
      const more = await findPrograms(here({ PATH: '' }), ['lifeboat-odd'], undefined, [`${folder}/bin`])
      expect(more).toEqual({ 'lifeboat-odd': program })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('believes only an absolute path that ends in the name', () => {
    expect(parsePrograms('docker=/usr/bin/docker\n', ['docker'])).toEqual({ docker: '/usr/bin/docker' })
    for (const text of ['docker=docker', 'docker=/usr/bin/podman', 'x docker=/bin/docker', '']) {
      expect(parsePrograms(text, ['docker'])).toEqual({})
    }
    fc.assert(fc.property(fc.string(), (text) => Object.keys(parsePrograms(text, ['docker'])).length <= 1))
  })
})

describe('versions', () => {
  it.each([
    ['2.26.1-4\n', '2.26.1-4'],
    ['v2.20.2', '2.20.2'],
    ['1.29.2, build unknown', '1.29.2'],
    ['5.0.0-rc.1', '5.0.0-rc.1'],
    ['', null],
    ["docker: 'compose' is not a docker command.", null],
  ])('of Compose: %j is %j', (text, version) => {
    expect(parseComposeVersion(text)).toBe(version)
  })

  it('of Docker are one word of JSON, anything else is none', () => {
    expect(parseVersion('"28.2.2"\n')).toBe('28.2.2')
    for (const text of ['', 'null', '<no value>', '""', '"two words"', '28.2']) expect(parseVersion(text)).toBeNull()
  })
})

describe('the state of Docker', () => {
  const paths = 'docker=/usr/bin/docker\n'
  const version = (answer: Partial<Answer>) =>
    scripted((argv) => (argv.includes('find') ? { stdout: paths } : argv[1] === 'version' ? answer : undefined))

  it.each([
    ['permission denied while trying to connect to the docker API at unix:///var/run/docker.sock', 'refused'],
    ['Got permission denied while trying to connect to the Docker daemon socket', 'refused'],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?', 'stopped'],
    [
      'failed to connect to the docker API at unix:///x; check if the path is correct and if the daemon is running',
      'stopped',
    ],
    ['panic: runtime error', 'broken'],
    ['', 'broken'],
  ])('%j means %s', async (stderr, state) => {
    expect(explainDaemon(stderr)).toEqual({ state })
    expect(await findDocker(version({ code: 1, stdout: 'null\n', stderr }))).toMatchObject({
      state,
      path: '/usr/bin/docker',
    })
  })

  it('is absent where there is no docker', async () => {
    expect(await findDocker(scripted(() => ({ stdout: '' })))).toEqual({ state: 'absent' })
  })

  it('is not ready when the exit code is 0 and no version is told', async () => {
    expect(await findDocker(version({ stdout: '<no value>' }))).toMatchObject({ state: 'broken' })
  })

  it('prefers Compose v2, takes v1 where there is nothing else, and none is none', async () => {
    const both = `${paths}docker-compose=/usr/local/bin/docker-compose\n`
    const with_ = (v2: Partial<Answer>, v1: Partial<Answer>, found = both) =>
      findDocker(
        scripted((argv) => {
          if (argv.includes('find')) return { stdout: found }
          if (argv[1] === 'version' && argv[0] === '/usr/bin/docker') return { stdout: '"28.2.2"' }
          return argv[1] === 'compose' ? v2 : v1
        }),
      )
    expect(await with_({ stdout: '2.32.4' }, { stdout: '1.29.2' })).toMatchObject({
      docker: { compose: { argv: ['/usr/bin/docker', 'compose'], version: '2.32.4' } },
    })
    expect(await with_({ code: 1 }, { stdout: '1.29.2, build unknown' })).toMatchObject({
      docker: { compose: { argv: ['/usr/local/bin/docker-compose'], version: '1.29.2' } },
    })
    expect(await with_({ code: 1 }, { code: 1 }, paths)).toMatchObject({ state: 'ready', docker: { compose: null } })
  })
})
