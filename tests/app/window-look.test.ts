import type { Page } from 'playwright'
import { seed } from './support/seed.ts'
import { call } from './support/shell.ts'
import { expect, expectAccessible, expectNothingSticksOut, goTo, test } from './support/window.ts'
import { looks, wordsOf, type Words } from './support/words.ts'

const minute = 60_000

test.beforeEach(({ dataDir }) => seed(dataDir, { copies: 40, now: new Date(Date.now() - minute) }))

async function everyScreen(page: Page, t: Words, look: () => Promise<void>): Promise<void> {
  const main = page.getByRole('main')
  for (const section of ['Overview', 'Servers', 'Copies', 'Vault', 'Activity', 'Settings'] as const) {
    await goTo(page, section, t)
    await expect(main.getByRole('heading', { level: 1 })).toBeVisible()
    await look()
  }
  await goTo(page, 'Copies', t)
  await main.getByRole('row').filter({ hasText: t.outcome.damaged }).first().click()
  await expect(main.getByRole('region', { name: t.copy.ladder })).toBeVisible()
  await look()
  await goTo(page, 'Servers', t)
  await main.getByRole('button', { name: 'shop', exact: true }).click()
  await expect(main.getByRole('button', { name: t.action.edit, exact: true })).toBeVisible()
  await look()
  await goTo(page, 'Servers', t)
  await main.getByRole('button', { name: t.action.addServer }).click()
  await expect(main.getByLabel(t.server.host, { exact: true })).toBeVisible()
  await look()
}

for (const { theme, lang } of looks) {
  test(`axe finds nothing on any screen, ${theme}, ${lang}`, async ({ open }) => {
    const { window: page } = await open({ colorScheme: theme, lang })
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    await expect(page.locator('html')).toHaveAttribute('lang', lang)
    await everyScreen(page, wordsOf[lang], () => expectAccessible(page))
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('combobox')).toBeFocused()
    await expectAccessible(page)
  })
}

test('nothing sticks out of the smallest window, in either language', async ({ open }) => {
  const { window: page } = await open({ size: { width: 900, height: 600 } })
  for (const language of ['en', 'zh-CN'] as const) {
    await call(page, 'settings.set', { language })
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await everyScreen(page, wordsOf[language], () => expectNothingSticksOut(page))
  }
})

test('whoever wants less motion sees none', async ({ open }) => {
  const { window: page } = await open()
  await goTo(page, 'Settings')
  const moving = () =>
    page.evaluate(async () => {
      // what turns for as long as something is under way
      const sign = document.createElement('span')
      sign.className = 'animate-turn'
      document.querySelector('main')?.append(sign)
      for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
      const longest = [...document.querySelectorAll('*')].flatMap((element) => {
        const { animationDuration, transitionDuration } = getComputedStyle(element)
        return `${animationDuration}, ${transitionDuration}`.split(', ').map(Number.parseFloat)
      })
      const running = document.getAnimations().filter(({ playState }) => playState === 'running').length
      sign.remove()
      return { seconds: Math.max(...longest), running }
    })
  const usual = await moving()
  expect(usual.seconds).toBeGreaterThanOrEqual(1)
  expect(usual.running).toBeGreaterThan(0)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await expect.poll(moving).toEqual({ seconds: 0.00001, running: 0 })
})

test('the language changes at once, and is there again at the next start', async ({ open }) => {
  const first = await open()
  await goTo(first.window, 'Settings')
  await first.window.getByRole('radio', { name: '简体中文' }).click()
  await expect(first.window.getByRole('heading', { level: 1 })).toHaveText('设置')
  await expect(first.window.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await first.window.getByRole('navigation').getByRole('button', { name: '总览' }).click()
  await expect(first.window.getByRole('heading', { level: 1 })).toContainText('个数据库')
  await first.app.close()
  const second = await open()
  await expect(second.window.getByRole('heading', { level: 1 })).toContainText('个数据库')
  await second.window.getByRole('navigation').getByRole('button', { name: '设置' }).click()
  await second.window.getByRole('radio', { name: 'English' }).click()
  await expect(second.window.getByRole('heading', { level: 1 })).toHaveText('Settings')
})

test('the theme changes at once, whatever the system says', async ({ open }) => {
  const { window: page, app } = await open({ colorScheme: 'light' })
  await goTo(page, 'Settings')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(21, 24, 27)')
})

test('one setting changes, the others stay', async ({ open }) => {
  const { window: page } = await open()
  const limit = page.getByRole('textbox', { name: 'Age limit' })
  await goTo(page, 'Settings')
  await limit.fill('48')
  await limit.press('Enter')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await goTo(page, 'Overview')
  await expect(page.getByRole('main')).toContainText('at most 48 hours old')

  await test.step('a number that is still being typed is kept as well', async () => {
    await goTo(page, 'Settings')
    await limit.fill('30')
    await expect
      .poll(() => call(page, 'settings.get', {}))
      .toMatchObject({ ok: true, value: { ageLimitHours: 30, theme: 'dark' } })
    await expect(limit).toBeFocused()
    await limit.fill('31')
    await page.keyboard.press('Control+1')
    await expect(page.getByRole('main')).toContainText('at most 31 hours old')
  })
})

test('foreign text cannot hide: a mark that turns text around is shown as what it is', async ({ open }) => {
  const { window: page } = await open()
  await goTo(page, 'Copies')
  await page.getByRole('main').getByRole('row').nth(2).click()
  await expect(page.getByRole('table')).toContainText('evil \\u{202e} name')
})

test('production is red wherever a database is named, and never by colour alone', async ({ open }) => {
  const { window: page } = await open({ colorScheme: 'light' })
  const colour = (text: string) =>
    page
      .getByRole('main')
      .getByText(text, { exact: true })
      .first()
      .evaluate((tag) => getComputedStyle(tag).color)
  for (const section of ['Overview', 'Servers', 'Copies'] as const) {
    await goTo(page, section)
    await expect(page.getByRole('main').getByText('prod', { exact: true }).first()).toBeVisible()
    expect(await colour('prod')).toBe('rgb(180, 35, 24)')
    expect(await colour('test')).toBe('rgb(105, 65, 198)')
  }
})
