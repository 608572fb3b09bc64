import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import type { BridgeEvent } from '#shared/bridge.ts'
import type { CallName, Input, Output } from '#shared/contract.ts'
import { answerDialogs, askedQuestions, call, expect, hearEvents, test } from './support/shell.ts'

/** The app as it is, on the engine that it has. */
const real = { env: { LIFEBOAT_ENGINE: '' } }

async function must<C extends CallName>(page: Page, name: C, input: Input<C>): Promise<Output<C>> {
  const reply = await call(page, name, input)
  if (!reply.ok) throw new Error(`${name}: ${reply.failure.message}`)
  return reply.value
}

/** The engine's process: the child of the shell that runs its bundle. */
function enginesOf(shell: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        return Number(parent) === shell && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('out/main/engine.js')
      } catch {
        return false
      }
    })
    .map(Number)
}

const engineStates = (events: BridgeEvent[]) =>
  events.flatMap((event) => (event.name === 'engine' ? event.value.state : []))

test('the engine is killed and comes back with what it knew', async ({ open }) => {
  const { app, window: page } = await open(real)
  const added = await must(page, 'server.add', { name: 'shop', host: 'db.example.net' })
  const heard = await hearEvents(page)
  const [engine] = enginesOf(app.process().pid ?? 0)
  if (engine === undefined) throw new Error('there is no engine')
  process.kill(engine, 'SIGKILL')
  await expect.poll(async () => engineStates(await heard())).toEqual(['stopped', 'starting', 'running'])
  expect(await must(page, 'server.list', {})).toMatchObject([{ id: added.id, name: 'shop' }])
})

test('the engine ends with its shell: in order, and when the shell is killed', async ({ open }) => {
  const first = await open(real)
  await must(first.window, 'app.facts', {})
  const [engine] = enginesOf(first.app.process().pid ?? 0)
  await first.app.close()
  expect(existsSync(`/proc/${engine}`)).toBe(false)

  const second = await open(real)
  await must(second.window, 'app.facts', {})
  const [other] = enginesOf(second.app.process().pid ?? 0)
  second.app.process().kill('SIGKILL')
  await expect.poll(() => existsSync(`/proc/${other}`)).toBe(false)
})

test('a server, a database and a host key go only after a question that names them', async ({ open }) => {
  const { app, window: page } = await open(real)
  const server = await must(page, 'server.add', { name: 'shop', host: 'db.example.net', user: 'ops' })
  const database = await must(page, 'database.add', {
    server: server.id,
    label: 'prod',
    place: { kind: 'host' },
    dbname: 'shop_db',
    dbuser: 'shop',
  })
  const fingerprint = `SHA256:${'a'.repeat(43)}`
  const key = { host: 'db.example.net', port: 22, way: '', type: 'ssh-ed25519' }
  await must(page, 'pin.add', { ...key, key: 'AAAA', fingerprint })
  const removals = [
    ['pin.remove', key, ['shop', 'db.example.net:22', fingerprint]],
    ['database.remove', { id: database.id }, ['shop', 'prod', 'shop_db']],
    ['server.remove', { id: server.id }, ['shop', 'ops@db.example.net:22']],
  ] as const

  await answerDialogs(app, 0)
  for (const [name, input, named] of removals) {
    expect(await call(page, name, input)).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
    const asked = (await askedQuestions(app)).at(-1)
    for (const part of named) expect(`${asked?.message}\n${asked?.detail}`).toContain(part)
  }
  expect(await must(page, 'pin.list', { serverId: server.id })).toHaveLength(1)
  expect(await must(page, 'database.list', {})).toHaveLength(1)
  expect(await must(page, 'server.list', {})).toHaveLength(1)

  await answerDialogs(app, 1)
  for (const [name, input] of removals) await must(page, name, input)
  expect(await must(page, 'database.list', {})).toEqual([])
  expect(await must(page, 'server.list', {})).toEqual([])
})

test('no screen breaks the policy of the page', async ({ open }) => {
  const { app, window: page } = await open(real)
  await page.addInitScript(() => {
    const seen: string[] = []
    Reflect.set(window, 'violations', seen)
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    )
  })
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  await page.reload()
  await must(page, 'server.add', { name: 'shop', host: 'db.example.net' })
  const commands = await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
    return items.flatMap((item) => (item.accelerator?.startsWith('CmdOrCtrl+') ? item.label : []))
  })
  expect(commands).toHaveLength(9)
  for (const label of commands) {
    await app.evaluate(({ Menu }, wanted) => {
      const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? []
      items.find((item) => item.label === wanted)?.click()
    }, label)
    // Two frames: what a screen inserts when it is mounted is in the page by then.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
    )
    await page.keyboard.press('Escape')
  }
  const seen = await page.evaluate(() => JSON.stringify(Reflect.get(window, 'violations')))
  expect(seen).toBe('[]')
  expect(errors).toEqual([])
})
