import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { stampOf } from '../../../scripts/packages.mjs'
import { projectRoot } from '../../../scripts/project.mjs'

/** Says what it was given; then it ends with 3, or waits for a signal and ends with 7. */
const twin = `
import { text } from 'node:stream/consumers'
const args: string[] = process.argv.slice(2)
process.on('SIGTERM', () => process.exit(7))
process.stdout.write(JSON.stringify({ args, cwd: process.cwd(), input: await text(process.stdin) }))
if (args[0] === 'wait') setInterval(() => undefined, 1_000)
else process.exitCode = 3
`

/** The other way of handing over, which an older Node takes: the scripts' own process stays in between. */
const inBetween = `
import { runAndPassOn } from './run-and-pass-on.mjs'
const program = new URL('../src/main/cli/index.ts', import.meta.url).pathname
process.exitCode = await runAndPassOn(process.execPath, [program, ...process.argv.slice(2)], process.env)
`

describe.skipIf(process.platform === 'win32')('the terminal twin through npm', () => {
  let checkout: string
  let elsewhere: string
  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'lifeboat-checkout-'))
    elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'lifeboat-elsewhere-')))
    for (const part of ['package.json', 'package-lock.json', 'scripts'])
      cpSync(join(projectRoot, part), join(checkout, part), { recursive: true })
    mkdirSync(join(checkout, 'node_modules'))
    symlinkSync(join(projectRoot, 'node_modules', 'node'), join(checkout, 'node_modules', 'node'))
    const lockfile = readFileSync(join(checkout, 'package-lock.json'), 'utf8')
    writeFileSync(join(checkout, 'node_modules', '.lifeboat-setup'), stampOf(lockfile))
    mkdirSync(join(checkout, 'src/main/cli'), { recursive: true })
    writeFileSync(join(checkout, 'src/main/cli/index.ts'), twin)
    writeFileSync(join(checkout, 'scripts/in-between.mjs'), inBetween)
  })
  afterAll(() => {
    for (const folder of [checkout, elsewhere]) rmSync(folder, { recursive: true, force: true })
  })

  const start = (program: string, args: string[], env = process.env) => {
    const child = spawn(program, args, { cwd: elsewhere, env, stdio: ['pipe', 'pipe', 'inherit'] })
    return { child, stdout: text(child.stdout), closed: once(child, 'close') }
  }

  it('keeps arguments, folder, stdin and exit code, and adds nothing to stdout', async () => {
    const args = ['server', 'add', 'a b', `it's "$HOME"`, '--passphrase-fd', '0', '备份']
    const { child, stdout, closed } = start('npm', ['--prefix', checkout, 'run', '-s', 'lifeboat', '--', ...args])
    child.stdin.end('secret\n')
    expect(JSON.parse(await stdout)).toEqual({ args, cwd: elsewhere, input: 'secret\n' })
    expect((await closed)[0]).toBe(3)
  })

  it('is a command once npm has linked it: it works where it is typed, in the script of another project too', async () => {
    const prefix = mkdtempSync(join(tmpdir(), 'lifeboat-prefix-'))
    onTestFinished(() => rmSync(prefix, { recursive: true, force: true }))
    execFileSync('npm', ['install', '--global', '--prefix', prefix, '--offline', '--ignore-scripts', checkout])
    const ofAnother = { npm_lifecycle_event: 'start', npm_package_name: 'another', INIT_CWD: '/' }
    const command = join(prefix, 'bin', 'lifeboat')
    const { child, stdout, closed } = start(command, ['check', 'a b.sql'], { ...process.env, ...ofAnother })
    child.stdin.end()
    expect(JSON.parse(await stdout)).toEqual({ args: ['check', 'a b.sql'], cwd: elsewhere, input: '' })
    expect((await closed)[0]).toBe(3)
  })

  it.each(['lifeboat.mjs', 'in-between.mjs'])('passes a signal on and hands the answer back (%s)', async (script) => {
    const { child, closed } = start(process.execPath, [join(checkout, 'scripts', script), 'wait'])
    child.stdin.end()
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect((await closed)[0]).toBe(7)
  })
})
