import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { CallName, Input, Output } from '#shared/contract.ts'
import { call, expect, hearEvents, test } from './support/shell.ts'

/** What was built, as it is shipped: the worker that seals has to be in it. */
const bundle = join(import.meta.dirname, '..', '..', 'out', 'main')
const canary = 'CANARY-built-93d1'
const passphrase = 'PASSPHRASE-built-77aa'
const text = `TOKEN=${canary}\n# ${canary}\n`

async function must<C extends CallName>(page: Page, name: C, input: Input<C>): Promise<Output<C>> {
  const reply = await call(page, name, input)
  if (!reply.ok) throw new Error(`${name}: ${reply.failure.message}`)
  return reply.value
}

/** Where the canary or the passphrase is to be read; as a file holds it, in either width of a character. */
function places(...dirs: string[]): string[] {
  const shapes = [canary, passphrase].flatMap((word) => [Buffer.from(word), Buffer.from(word, 'utf16le')])
  return dirs.flatMap((dir) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => shapes.some((shape) => readFileSync(path).includes(shape))),
  )
}

/** Processes that this one has started, and those that these have started. */
function below(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(/^PPid:\s*(\d+)/m.exec(readProc(`${name}/status`))?.[1])] as const)
  const children = parents.flatMap(([child, parent]) => (parent === pid ? [child] : []))
  return [...children, ...children.flatMap(below)]
}

/** A process may be gone by now. */
function readProc(path: string): string {
  try {
    return readFileSync(join('/proc', path), 'latin1')
  } catch {
    return ''
  }
}

test('the terminal twin that was built seals and opens', async () => {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'lifeboat-built-')))
  const lifeboat = (...args: string[]) => {
    const command = [join(bundle, 'cli.js'), '--data-dir', join(dir, 'data'), '--passphrase-fd', '0', ...args]
    const { status, stderr } = spawnSync(process.execPath, command, { input: `${passphrase}\n`, encoding: 'utf8' })
    expect([args[1], status, stderr.includes(canary)]).toEqual([args[1], 0, false])
  }
  try {
    writeFileSync(join(dir, '.env'), text)
    lifeboat('server', 'add', 'shop', '--host', '127.0.0.1')
    lifeboat('database', 'add', 'shop/prod', '--on-host', '--dbname', 'd', '--dbuser', 'u')
    lifeboat('vault', 'seal', 'shop/prod', '--local', join(dir, '.env'))
    const [sealed = ''] = readdirSync(join(dir, 'data', 'copies', 'shop', 'prod')).filter((name) =>
      name.endsWith('.seal.json'),
    )
    const { id }: { id: string } = JSON.parse(readFileSync(join(dir, 'data/copies/shop/prod', sealed), 'utf8'))
    lifeboat('vault', 'show', id)
    lifeboat('vault', 'open', id, '--to', join(dir, 'out'))
    expect(readFileSync(join(dir, 'out', '.env'), 'utf8')).toBe(text)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

test('the app seals, reveals and copies; nothing is left of a value, also where its engine and itself break', async ({
  open,
  dataDir,
}) => {
  const aside = await realpath(await mkdtemp(join(tmpdir(), 'lb-')))
  const temp = join(aside, 't')
  mkdirSync(temp)
  writeFileSync(join(aside, '.env'), text)
  try {
    const { app, window: page } = await open({ env: { LIFEBOAT_ENGINE: '', TMPDIR: temp } })
    const shell = app.process().pid ?? 0
    const server = (await must(page, 'server.add', { name: 'shop', host: '127.0.0.1', port: 1 })).id
    const wanted = { server, label: 'prod', place: { kind: 'host' as const }, dbname: 'd', dbuser: 'u' }
    const databaseId = (await must(page, 'database.add', wanted)).id
    const heard = await hearEvents(page)
    const sealing = { databaseId, local: true, files: [join(aside, '.env')] }
    const { jobId } = await must(page, 'vault.seal', sealing)
    await expect.poll(async () => (await must(page, 'prompt.pending', {})).length).toBe(1)
    const [prompt] = await must(page, 'prompt.pending', {})
    const answers = [passphrase, passphrase]
    await must(page, 'prompt.answer', { id: prompt?.id ?? '', answer: { kind: 'secret', answers, remember: false } })
    await expect.poll(async () => (await must(page, 'job.show', { id: jobId })).state).toBe('done')
    const [seal] = await must(page, 'vault.list', {})
    const line = { id: seal?.id ?? '', file: '.env', line: 1 }
    expect(await must(page, 'vault.reveal', line)).toEqual({ key: 'TOKEN', value: canary })
    await must(page, 'vault.show', { id: line.id })

    // past the window to the clipboard, and off it when the vault is locked
    const onClipboard = () => app.evaluate(async ({ clipboard }) => clipboard.readText())
    await must(page, 'shell.copySecret', line)
    expect(await onClipboard()).toBe(canary)
    await must(page, 'vault.lock', {})
    await expect.poll(onClipboard).toBe('')
    expect(JSON.stringify(await heard())).not.toContain(canary)
    for (const pid of below(shell))
      for (const name of ['cmdline', 'environ']) expect(readProc(`${pid}/${name}`)).not.toMatch(/CANARY|PASSPHRASE-/)

    // broken in the middle, with all of it in memory
    const again = call(page, 'vault.reveal', line)
    await expect.poll(async () => (await must(page, 'prompt.pending', {})).length).toBe(1)
    const [second] = await must(page, 'prompt.pending', {})
    const answer = { kind: 'secret' as const, answers: [passphrase], remember: false }
    await must(page, 'prompt.answer', { id: second?.id ?? '', answer })
    await again
    for (const pid of below(shell)) if (readProc(`${pid}/cmdline`).includes('engine.js')) process.kill(pid, 'SIGABRT')
    await expect.poll(async () => JSON.stringify(await heard())).toContain('stopped')
    const gone = new Promise((resolve) => app.process().once('exit', resolve))
    process.kill(shell, 'SIGSEGV')
    await gone
    expect(places(dataDir, temp)).toEqual([])
  } finally {
    await rm(aside, { recursive: true, force: true, maxRetries: 5 })
  }
})
