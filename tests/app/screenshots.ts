import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import type { Page } from 'playwright'
import { projectRoot } from '../../scripts/project.mjs'
import { launchApp } from './support/launch.ts'

/**
 * Pictures of every screen of the real app over the demo server, in both languages, light and dark, large and small:
 * `npm run screenshots [FOLDER]`. The README's picture is taken anew by `npm run screenshots -- --readme`.
 */
const languages = { en: 'English', 'zh-CN': '简体中文' } as const
type Language = keyof typeof languages

const themes = ['light', 'dark'] as const
const sizes = [
  { width: 1200, height: 800 },
  { width: 900, height: 600 },
] as const

/** The words that the way to a screen goes by. */
const words = {
  en: {
    overview: 'Overview',
    servers: 'Servers',
    copies: 'Copies',
    vault: 'Vault',
    activity: 'Activity',
    settings: 'Settings',
    addServer: 'Add a server',
    demo: 'Try it with a demo server',
    test: 'Test connection',
    readable: 'Readable',
    damaged: 'Damaged',
    ladder: 'Ladder',
    connection: 'Connection',
    backUp: 'Back up now',
    pullAll: /^Pull all/,
    missing: '0 not copied yet',
    verify: 'Verify',
    tookBack: 'Getting back took',
    exact: 'Exact',
    showVerification: 'Show the verification',
    outcome: 'Outcome',
    themes: { light: 'Light', dark: 'Dark' },
  },
  'zh-CN': {
    overview: '总览',
    servers: '服务器',
    copies: '异地副本',
    vault: '保险库',
    activity: '任务',
    settings: '设置',
    addServer: '添加服务器',
    demo: '用演示服务器试一试',
    test: '测试连接',
    readable: '可读',
    damaged: '已损坏',
    ladder: '证明之梯',
    connection: '连接',
    backUp: '立即备份',
    pullAll: /^拉取全部/,
    missing: '0 份尚未拉取',
    verify: '验证',
    tookBack: '上次恢复用时',
    exact: '一致',
    showVerification: '查看验证',
    outcome: '结果',
    themes: { light: '浅色', dark: '深色' },
  },
} as const

const args = process.argv.slice(2)
const forReadme = args.includes('--readme')
const folder = resolve(args.find((arg) => !arg.startsWith('--')) ?? join(projectRoot, 'test-results', 'screenshots'))

const dataDir = await mkdtemp(join(tmpdir(), 'lifeboat-screenshots-'))
await mkdir(folder, { recursive: true })
const { app, window: page } = await launchApp({ dataDir, size: sizes[0] })
try {
  await page.getByRole('heading', { level: 1 }).waitFor()
  if (!forReadme)
    await eachLook(async (language, suffix) => shoot(`first-start-${suffix}`, () => goTo(language, 'overview')))
  // The README shows a database that needs care, too.
  await prepare(forReadme ? ['prod'] : ['test', 'prod'])
  if (forReadme) await readmePicture()
  else await eachLook(everyScreen)
} finally {
  await app.close()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
}
console.log(`The pictures are in ${forReadme ? join(projectRoot, 'docs') : folder}.`)

/** A demo server with a copy of each of these databases, and the old backups beside them. */
async function prepare(labels: readonly string[]): Promise<void> {
  const t = words.en
  await speak('en')
  await goTo('en', 'overview')
  await page.getByRole('button', { name: t.demo }).click()
  const checks = page.getByRole('main').getByRole('list', { name: t.connection })
  await expect(checks).toHaveAttribute('aria-busy', 'false', { timeout: 120_000 })
  await page.getByRole('main').getByRole('button', { name: t.pullAll }).click()
  await page.getByText(t.missing).waitFor({ timeout: 120_000 })
  for (const label of labels) {
    await goTo('en', 'overview')
    const card = page.getByRole('article', { name: `demo ${label}` })
    await card.getByRole('button', { name: t.backUp }).click()
    await card.getByText('at most 1 min').waitFor({ timeout: 120_000 })
  }
  const prod = page.getByRole('article', { name: 'demo prod' })
  await prod.getByRole('button', { name: t.verify }).click()
  await prod.getByText(t.tookBack).waitFor({ timeout: 300_000 })
  // The corner's messages go by themselves; pictures are taken without them.
  await expect(page.locator('section[aria-live] > div')).toHaveCount(0, { timeout: 30_000 })
}

async function readmePicture(): Promise<void> {
  await goTo('en', 'overview')
  await closeTrialNotice()
  const docs = join(projectRoot, 'docs')
  await mkdir(docs, { recursive: true })
  await shoot('overview', async () => undefined)
  await copyFile(join(folder, 'overview.png'), join(docs, 'overview.png'))
}

async function eachLook(take: (language: Language, suffix: string) => Promise<void>): Promise<void> {
  for (const language of ['en', 'zh-CN'] as const) {
    await speak(language)
    for (const theme of themes) {
      await goTo(language, 'settings')
      await page.getByRole('radio', { name: words[language].themes[theme] }).click()
      for (const { width, height } of sizes) {
        await resize(width, height)
        await take(language, `${language}-${theme}-${width}`)
      }
    }
  }
}

async function everyScreen(language: Language, suffix: string): Promise<void> {
  const t = words[language]
  const main = page.getByRole('main')
  for (const section of ['overview', 'servers', 'copies', 'vault', 'activity', 'settings'] as const) {
    await shoot(`${section}-${suffix}`, () => goTo(language, section))
  }
  for (const [name, face] of [
    ['copy', t.readable],
    ['copy-exact', t.exact],
    ['copy-damaged', t.damaged],
  ] as const) {
    await goTo(language, 'copies')
    await main
      .getByRole('row')
      .filter({ has: page.getByText(face, { exact: true }) })
      .first()
      .click()
    await shoot(`${name}-${suffix}`, () => main.getByRole('region', { name: t.ladder }).waitFor())
  }
  await goTo(language, 'activity')
  await main.getByRole('listitem').filter({ hasText: t.verify }).getByRole('button').first().click()
  await main.getByRole('button', { name: t.showVerification }).click()
  const outcome = main.getByRole('region', { name: t.outcome })
  await shoot(`verification-${suffix}`, () => outcome.waitFor())
  await shoot(`verification-tables-${suffix}`, () => main.getByRole('table').first().scrollIntoViewIfNeeded())
  await goTo(language, 'servers')
  await main.getByRole('button', { name: 'demo', exact: true }).click()
  const checks = main.getByRole('list', { name: t.connection })
  await shoot(`server-${suffix}`, () => checks.waitFor())
  await shoot(`server-connection-${suffix}`, () => checks.scrollIntoViewIfNeeded())
  await goTo(language, 'servers')
  await main.getByRole('button', { name: t.addServer }).click()
  await shoot(`add-server-${suffix}`, async () => undefined)
  await page.keyboard.press('Control+k')
  await shoot(`palette-${suffix}`, () => page.getByRole('combobox').waitFor())
  await page.keyboard.press('Escape')
}

async function shoot(name: string, go: () => Promise<unknown>): Promise<void> {
  await go()
  await settled(page)
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

/** Nothing is still on its way: no sign of waiting is left. */
async function settled(on: Page): Promise<void> {
  await expect(on.getByRole('main').locator('.animate-sweep, [aria-busy=true]')).toHaveCount(0, { timeout: 30_000 })
}

async function goTo(
  language: Language,
  section: 'overview' | 'servers' | 'copies' | 'vault' | 'activity' | 'settings',
): Promise<void> {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${words[language][section]}`) })
    .click()
}

async function speak(language: Language): Promise<void> {
  // The last but one entry of the navigation, whatever it is called now.
  await page.getByRole('navigation').getByRole('list').last().getByRole('button').first().click()
  await page.getByRole('radio', { name: languages[language] }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

async function resize(width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setContentSize(to.width, to.height), {
    width,
    height,
  })
  await page.waitForFunction((to) => innerWidth === to, width)
}

async function closeTrialNotice(): Promise<void> {
  const notice = page.getByRole('status').filter({ hasText: 'For trying out only' })
  if (await notice.isVisible()) await notice.getByRole('button').click()
}
