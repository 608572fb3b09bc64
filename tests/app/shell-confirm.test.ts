import type { Page } from 'playwright'
import { answerDialogs, askedQuestions, call, expect, test } from './support/shell.ts'

/** What the stand-in was told to remove. */
async function removals(page: Page): Promise<string[]> {
  const log = await call(page, 'job.log', { id: 'any' })
  return log.ok ? log.value.map(({ text }) => text) : []
}

test('what destroys is asked about by the main process, by name, and not done without a yes', async ({ open }) => {
  const { app, window: page } = await open()
  await answerDialogs(app, 0)
  expect(await call(page, 'server.remove', { id: 's1' })).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
  const [asked] = await askedQuestions(app)
  expect(asked?.message).toBe('Remove the server “shop” from Lifeboat?')
  expect(asked?.detail).toContain('ops@db.example.net:22')
  expect(asked?.detail).toContain('prod')
  expect(asked?.buttons).toEqual(['Cancel', 'Remove the Server'])
  expect(await removals(page)).toEqual([])

  await answerDialogs(app, 1)
  expect(await call(page, 'server.remove', { id: 's1' })).toMatchObject({ ok: true })
  expect(await removals(page)).toEqual(['server.remove {"id":"s1"}'])
})

test('what is not there is not asked about', async ({ open }) => {
  const { app, window: page } = await open()
  await answerDialogs(app, 1)
  expect(await call(page, 'server.remove', { id: 'gone' })).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
  expect(await askedQuestions(app)).toEqual([])
  expect(await removals(page)).toEqual([])
})

test('the question is asked in the language of the settings', async ({ open }) => {
  const { app, window: page } = await open()
  await call(page, 'settings.set', { language: 'zh-CN' })
  await answerDialogs(app, 0)
  await expect
    .poll(async () => {
      await call(page, 'server.remove', { id: 's1' })
      return (await askedQuestions(app)).at(-1)?.message
    })
    .toBe('从 Lifeboat 移除服务器“shop”？')
})
