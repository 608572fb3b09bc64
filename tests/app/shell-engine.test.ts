import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { BridgeEvent } from '#shared/bridge.ts'
import {
  answerDialogs,
  askedQuestions,
  call,
  end,
  expect,
  hearEvents,
  shellLog,
  standIn,
  test,
} from './support/shell.ts'

/** The stand-in tells its process where a real engine tells SQLite's version. */
async function enginePid(page: Page): Promise<number> {
  const facts = await call(page, 'app.facts', {})
  if (!facts.ok) throw new Error(facts.failure.message)
  return Number(facts.value.sqlite)
}

function alive(pid: number): boolean {
  return existsSync(`/proc/${pid}`)
}

const engineStates = (events: BridgeEvent[]) =>
  events.flatMap((event) => (event.name === 'engine' ? `${event.value.state}: ${event.value.reason}` : []))

test('an engine that dies is shown, and started again', async ({ open, dataDir }) => {
  const { window: page } = await open()
  const first = await enginePid(page)
  const heard = await hearEvents(page)
  process.kill(first, 'SIGKILL')
  await expect
    .poll(async () => engineStates(await heard()))
    .toEqual(['stopped: ended by SIGKILL', 'starting: null', 'running: null'])
  expect(await enginePid(page)).not.toBe(first)
  expect(await shellLog(dataDir)).toContain('the engine stopped: ended by SIGKILL')
})

test('a call whose engine dies is answered', async ({ open }) => {
  const { window: page } = await open()
  const pid = await enginePid(page)
  const never = call(page, 'catalogue.rebuild', {})
  // answered behind it, so that it has reached the engine: one that comes later would be the next engine's
  await enginePid(page)
  process.kill(pid, 'SIGKILL')
  expect(await never).toMatchObject({ ok: false, failure: { kind: 'engine-stopped', retry: 'now' } })
})

test('an engine that can not start is shown with its reason, and the window works', async ({ open }) => {
  const { window: page } = await open({ env: { STAND_IN_FAILS: '1' } })
  const heard = await hearEvents(page)
  await expect.poll(async () => engineStates(await heard())).toContain('stopped: exit code 7')
  // Five times within a minute: then it stays down, until it is asked for.
  await expect.poll(async () => (await call(page, 'shell.facts', {})).ok).toBe(true)
  expect(await call(page, 'shell.restartEngine', {})).toMatchObject({ ok: true })
})

test('the engine ends with a shell that was killed', async ({ open }) => {
  const { app, window: page } = await open()
  const pid = await enginePid(page)
  app.process().kill('SIGKILL')
  await expect.poll(() => alive(pid)).toBe(false)
})

test('the engine is ended in order when the app quits', async ({ open, dataDir }) => {
  const { app, window: page } = await open()
  const pid = await enginePid(page)
  await app.close()
  expect(alive(pid)).toBe(false)
  expect(existsSync(join(dataDir, 'stopped-in-order'))).toBe(true)
})

test('running jobs are not cut without a question', async ({ open, dataDir }) => {
  const { app, window: page } = await open()
  await call(page, 'backup.start', { databaseId: 'd1' })
  await answerDialogs(app, 0)
  await app.evaluate(({ app: shell }) => shell.quit())
  await expect.poll(() => askedQuestions(app)).toHaveLength(1)
  const [asked] = await askedQuestions(app)
  expect(asked?.message).toBe('1 job is still running')
  expect(asked?.detail).toContain('shop/prod')
  // Kept running: everything is still there.
  expect(await call(page, 'job.list', {})).toMatchObject({ ok: true, value: [{ state: 'running' }] })
  expect(existsSync(join(dataDir, 'stopped-in-order'))).toBe(false)

  const gone = new Promise((resolve) => app.process().once('exit', resolve))
  await answerDialogs(app, 1)
  // The way of most: closing the window.
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await gone
  expect(existsSync(join(dataDir, 'stopped-in-order'))).toBe(true)
})

test('an engine that works is restarted when somebody asks, and jobs are not cut for it without a question', async ({
  open,
  dataDir,
}) => {
  const { app, window: page } = await open()
  const first = await enginePid(page)
  await call(page, 'backup.start', { databaseId: 'd1' })
  await answerDialogs(app, 0)
  expect(await call(page, 'shell.restartEngine', {})).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
  expect((await askedQuestions(app))[0]?.buttons).toEqual(['Keep Running', 'Cancel Them and Restart'])
  expect(await enginePid(page)).toBe(first)
  await answerDialogs(app, 1)
  expect(await call(page, 'shell.restartEngine', {})).toMatchObject({ ok: true })
  expect(existsSync(join(dataDir, 'stopped-in-order'))).toBe(true)
  expect(await enginePid(page)).not.toBe(first)
})

test("a job of another process is not the app's own", async ({ open }) => {
  const { app, window: page } = await open({ env: { STAND_IN_OTHERS: '1' } })
  const title = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())
  await call(page, 'backup.start', { databaseId: 'd1' })
  expect(await call(page, 'job.list', {})).toMatchObject({ ok: true, value: [{ id: 'd1' }, { id: 'foreign' }] })
  await expect.poll(title).toBe('Lifeboat – 1 job running')
  await call(page, 'job.cancel', { id: 'd1' })
  await expect.poll(title).toBe('Lifeboat')
})

test('a signal ends the app in order and asks nothing', async ({ open, dataDir }) => {
  const { app, window: page } = await open()
  await call(page, 'backup.start', { databaseId: 'd1' })
  expect(await end(app)).toBe(0)
  expect(existsSync(join(dataDir, 'stopped-in-order'))).toBe(true)
})

test('the engine hears that the computer was asleep', async ({ open }) => {
  const { app, window: page } = await open()
  const heard = await hearEvents(page)
  await enginePid(page)
  await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'))
  await expect.poll(heard).toContainEqual({ name: 'changed', value: { words: ['server'] } })
})

test("the engine runs in Electron's own utility process too", async ({ open, dataDir }) => {
  // An old Electron's Node reads no types.
  const entry = join(dataDir, 'engine.mjs')
  writeFileSync(entry, stripTypeScriptTypes(readFileSync(standIn, 'utf8')))
  const { window: page } = await open({ env: { LIFEBOAT_ENGINE_HOST: 'utility', LIFEBOAT_ENGINE: entry } })
  const first = await enginePid(page)
  const heard = await hearEvents(page)
  expect(readFileSync(`/proc/${first}/cmdline`, 'utf8')).toContain('--type=utility')
  expect(await call(page, 'server.list', {})).toMatchObject({ ok: true, value: [{ name: 'shop' }] })
  expect(await call(page, 'doctor', {})).toMatchObject({
    ok: true,
    value: [{ name: 'keychain.status' }, {}, {}, {}, {}],
  })
  process.kill(first, 'SIGKILL')
  await expect
    .poll(async () => engineStates(await heard()).map((state) => state.replace(/code \d+/, 'code')))
    .toEqual(['stopped: exit code', 'starting: null', 'running: null'])
  expect(await enginePid(page)).not.toBe(first)
})
