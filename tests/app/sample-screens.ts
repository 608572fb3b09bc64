import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { ElectronApplication, Page } from 'playwright'
import { launchApp } from './support/launch.ts'
import { hostKeyPrompt, secretPrompt, type Scenario } from './support/sample-bridge.ts'
import { now } from './support/sample-data.ts'
import { vaultShots } from './support/sample-vault-shots.ts'
import { sampleEngine } from './support/sample-window.ts'
import { liveVerification } from './support/sample-verification.ts'

/**
 * Pictures of the screens over sample data, in every state that the demo server has no time for:
 * `node scripts/program.mjs --window tests/app/sample-screens.ts FOLDER [parts of names, with commas]`.
 * LOOKS names the looks, such as `en-light-1200,zh-dark-900`.
 */
interface Shot {
  name: string
  scenario: Scenario
  go?: (page: Page, words: Words) => Promise<void>
}

type Language = 'en' | 'zh-CN'
type Place = 'servers' | 'copies' | 'vault' | 'activity' | 'settings'
interface Words {
  nav: (section: Place) => string
}

const names: Record<Language, Record<string, string>> = {
  en: { servers: 'Servers', copies: 'Copies', vault: 'Vault', activity: 'Activity', settings: 'Settings' },
  'zh-CN': { servers: '服务器', copies: '异地副本', vault: '保险库', activity: '任务', settings: '设置' },
}

const section = (which: Place) => async (page: Page, words: Words) => {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: words.nav(which) })
    .click()
}

const failed = {
  kind: 'catalogue-busy' as const,
  message: 'Another Lifeboat holds the catalogue.',
  remedy: '',
  retry: 'now' as const,
  detail: 'SQLITE_BUSY',
}

const noSandbox = {
  kind: 'sandbox-missing' as const,
  message: 'Docker does not answer, and there is no built-in PostgreSQL here.',
  remedy: '',
  retry: 'later' as const,
  detail: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
}

/** Opens the verification of the scenario by its notice in Activity. */
const verification = async (page: Page, words: Words): Promise<void> => {
  await section('activity')(page, words)
  await page.locator('main li button').first().waitFor()
  const running = page.locator('main section button').filter({ hasText: /^(?:Watch|观看)$/ })
  if ((await running.count()) > 0) return running.first().click()
  const past = page.locator('main section').last()
  await past.locator('li button').first().click()
  await page
    .locator('main')
    .getByRole('button', { name: /^(?:Show the verification|查看验证)$/ })
    .first()
    .click()
  await page.waitForTimeout(200)
}

const slow = {
  kind: 'query-slow' as const,
  message: 'PostgreSQL took too long for this and was stopped.',
  remedy: '',
  retry: 'later' as const,
  detail: 'canceling statement due to statement timeout (57014)',
}

/** Opens the data of the kept sandbox from Activity, and one of its tables. */
const browse =
  (table: string | null) =>
  async (page: Page, words: Words): Promise<void> => {
    await section('activity')(page, words)
    await page
      .locator('main')
      .getByRole('button', { name: /^(?:Browse the data|浏览数据)$/ })
      .first()
      .click()
    const row = page
      .getByRole('row')
      .filter({ hasText: table ?? 'documents' })
      .first()
    await row.waitFor()
    if (table !== null) await row.click()
    await page.waitForTimeout(300)
  }

const shots: Shot[] = [
  { name: 'overview', scenario: {} },
  { name: 'overview-first', scenario: { empty: true } },
  { name: 'overview-loading', scenario: { silent: ['overview.get'] } },
  {
    name: 'overview-error',
    scenario: {
      failing: { 'overview.get': failed },
      engine: 'stopped',
      trial: true,
      rebuilt: 'file is not a database',
    },
  },
  { name: 'servers', scenario: {}, go: section('servers') },
  {
    name: 'server',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.getByText('203.0.113.7').first().waitFor()
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'server-lower',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.waitForTimeout(200)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  {
    name: 'add-server',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.locator('header button').last().click()
    },
  },
  {
    name: 'add-server-testing',
    scenario: { testRunning: true },
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.locator('header button').last().click()
      await page.getByPlaceholder('shop.example.org').fill('203.0.113.7')
      await page.locator('form button[type=submit]').click()
      await page.waitForTimeout(300)
    },
  },
  {
    name: 'add-server-found',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.locator('header button').last().click()
      await page.getByPlaceholder('shop.example.org').fill('203.0.113.7')
      await page.locator('form button[type=submit]').click()
      await page.waitForTimeout(300)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  {
    name: 'database-dialog',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.locator('button[aria-label*="prod"]').first().click()
    },
  },
  {
    name: 'database-dialog-lower',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.locator('button[aria-label*="prod"]').first().click()
      await page
        .getByRole('dialog')
        .locator('form')
        .evaluate((form) => form.parentElement?.parentElement?.scrollTo(0, 10_000))
    },
  },
  {
    // messages in the corner while a form is open over the screen
    name: 'notices-over-dialog',
    scenario: { failing: { 'backup.start': failed } },
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page
        .getByRole('button', { name: /^(?:Back up now|立即备份)$/ })
        .first()
        .click()
      await page
        .getByRole('button', { name: /^(?:Pull the newest|拉取最新)/ })
        .first()
        .click()
      await page.locator('button[aria-label*="prod"]').first().click()
    },
  },
  { name: 'copies', scenario: { copies: 10_000 }, go: section('copies') },
  { name: 'copies-empty', scenario: { copies: 0 }, go: section('copies') },
  {
    name: 'copy',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(3).click()
      await page.getByRole('table').first().waitFor()
    },
  },
  {
    name: 'copy-damaged',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(1).click()
      await page.getByRole('table').first().waitFor()
    },
  },
  {
    name: 'copy-lower',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(3).click()
      await page.getByRole('table').first().waitFor()
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  { name: 'activity', scenario: { running: true }, go: section('activity') },
  { name: 'activity-waiting', scenario: { running: true, waiting: 240 }, go: section('activity') },
  {
    name: 'activity-gone',
    scenario: {
      failing: { 'job.show': { ...failed, kind: 'not-found', message: 'There is no such job.', retry: 'no' } },
    },
    go: async (page) => {
      await page
        .getByRole('main')
        .getByRole('button', { name: /^(?:Show|查看|显示)$/ })
        .first()
        .click()
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'activity-failed',
    scenario: {},
    go: async (page, words) => {
      await section('activity')(page, words)
      await page.locator('main li button').nth(2).click()
      await page.waitForTimeout(200)
    },
  },
  { name: 'settings', scenario: {}, go: section('settings') },
  {
    name: 'settings-lower',
    scenario: {},
    go: async (page, words) => {
      await section('settings')(page, words)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 260))
    },
  },
  { name: 'verify-load', scenario: { verifying: liveVerification('v1', 'load', 0.5) }, go: verification },
  { name: 'verify-read', scenario: { verifying: liveVerification('v1', 'read', 0.3, 0) }, go: verification },
  { name: 'verify-prove', scenario: { verifying: liveVerification('v1', 'prove', 0.6) }, go: verification },
  { name: 'verify-many', scenario: { verifying: liveVerification('v1', 'load', 0.1, 20_000) }, go: verification },
  {
    name: 'verify-queued',
    scenario: { verifyJob: { state: 'queued', step: 'queued', endedAt: null } },
    go: verification,
  },
  { name: 'verify-loading', scenario: { verified: 'proven', silent: ['verify.result'] }, go: verification },
  { name: 'verify-proven', scenario: { verified: 'proven', sandbox: true }, go: verification },
  { name: 'verify-damaged', scenario: { verified: 'damaged' }, go: verification },
  { name: 'verify-not-checked', scenario: { verified: 'not-checked' }, go: verification },
  {
    name: 'verify-proven-lower',
    scenario: { verified: 'proven' },
    go: async (page, words) => {
      await verification(page, words)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  { name: 'verify-empty', scenario: { verified: 'proven', tables: 0 }, go: verification },
  { name: 'verify-cancelled', scenario: { verifyJob: { state: 'cancelled', outcome: null } }, go: verification },
  { name: 'verify-interrupted', scenario: { verifyJob: { state: 'interrupted', outcome: null } }, go: verification },
  {
    name: 'verify-failed',
    scenario: { verifyJob: { state: 'failed', outcome: null, failure: noSandbox } },
    go: verification,
  },
  {
    name: 'verify-not-found',
    scenario: {
      verified: 'proven',
      failing: { 'job.show': { ...failed, kind: 'not-found', message: 'There is no such job.', retry: 'no' } },
    },
    go: verification,
  },
  {
    name: 'compare',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(3).click()
      await page.getByRole('button', { name: /^(?:Compare with …|与其他比较…)$/ }).click()
      await page.getByRole('table').first().waitFor()
    },
  },
  { name: 'browse-choose', scenario: { sandbox: true }, go: browse(null) },
  { name: 'browse-table', scenario: { sandbox: true }, go: browse('documents') },
  {
    name: 'browse-value',
    scenario: { sandbox: true },
    go: async (page, words) => {
      await browse('documents')(page, words)
      await page.getByRole('gridcell').filter({ hasText: '"pages"' }).first().click()
    },
  },
  {
    name: 'browse-long',
    scenario: { sandbox: true },
    go: async (page, words) => {
      await browse('documents')(page, words)
      await page.getByRole('grid').press('End')
      await page.getByRole('gridcell').filter({ hasText: 'MB' }).first().click()
    },
  },
  {
    name: 'browse-filter',
    scenario: { sandbox: true },
    go: async (page, words) => {
      await browse('documents')(page, words)
      await page.getByRole('columnheader').nth(4).getByRole('button').nth(1).click()
      await page.getByRole('dialog').getByRole('textbox').fill('Invoice')
      await page.keyboard.press('Enter')
      await page.getByRole('columnheader').nth(3).getByRole('button').first().click()
      await page.waitForTimeout(200)
      await page.getByRole('columnheader').nth(5).getByRole('button').nth(1).click()
    },
  },
  {
    name: 'browse-slow',
    scenario: { sandbox: true, failing: { 'browse.fetch': slow } },
    go: browse('slow_view'),
  },
  { name: 'browse-waiting', scenario: { sandbox: true, silent: ['browse.fetch'] }, go: browse('documents') },
  {
    name: 'activity-sandbox',
    scenario: { sandbox: true, verifying: liveVerification('v1', 'load', 0.5) },
    go: section('activity'),
  },
  {
    name: 'copy-exact',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(2).click()
      await page.getByRole('table').first().waitFor()
    },
  },
  {
    name: 'verify-dialog',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(2).click()
      await page.locator('button[aria-haspopup=dialog]').click()
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'palette',
    scenario: {},
    go: async (page) => {
      await page.keyboard.press('Control+k')
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'palette-copy',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(3).click()
      await page.getByRole('table').first().waitFor()
      await page.keyboard.press('Control+k')
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'palette-typed',
    scenario: {},
    go: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill('shop')
      await page.waitForTimeout(500)
    },
  },
  { name: 'prompt-host-key', scenario: { prompt: hostKeyPrompt } },
  { name: 'prompt-secret', scenario: { prompt: secretPrompt } },
  ...vaultShots,
]

const [folder = 'test-results/sample-screens', only = ''] = process.argv.slice(2)
const dataDir = await mkdtemp(join(tmpdir(), 'lifeboat-sample-'))

async function shoot(app: ElectronApplication, page: Page, shot: Shot, look: string): Promise<void> {
  const language = look.startsWith('zh') ? 'zh-CN' : 'en'
  const theme = look.includes('dark') ? 'dark' : 'light'
  const width = look.endsWith('900') ? 900 : 1200
  await writeFile(join(dataDir, 'scenario.json'), JSON.stringify({ ...shot.scenario, settings: { language, theme } }))
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height: width === 900 ? 600 : 800 },
  )
  await page.clock.setFixedTime(now)
  await page.reload()
  await page.locator('nav').waitFor()
  await page.waitForTimeout(300)
  await closeTrialNotice(page)
  await shot.go?.(page, { nav: (which) => names[language][which] ?? which })
  await page.waitForTimeout(200)
  await page.screenshot({ path: join(folder, `${shot.name}-${look}.png`), animations: 'disabled' })
}

/** Pictures are of the app, not of what it runs on here. */
async function closeTrialNotice(page: Page): Promise<void> {
  const notice = page.getByRole('status').filter({ hasText: /For trying out only|仅供试用/ })
  if (await notice.isVisible()) await notice.getByRole('button').click()
}

await mkdir(folder, { recursive: true })
const { app, window: page } = await launchApp({
  dataDir,
  size: { width: 1200, height: 800 },
  env: { LIFEBOAT_ENGINE: sampleEngine, TZ: 'Europe/Berlin' },
})
page.setDefaultTimeout(6_000)
page.on('pageerror', (error) => console.error(error.message))
page.on('console', (message) => message.type() === 'error' && console.error(message.text()))
try {
  for (const shot of shots.filter(({ name }) => only.split(',').some((part) => name.includes(part)))) {
    for (const look of (process.env['LOOKS'] ?? 'en-light-1200').split(',')) {
      try {
        await shoot(app, page, shot, look)
      } catch (error) {
        console.error(`${shot.name} ${look}: ${String(error)}`)
      }
    }
  }
} finally {
  await app.close()
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
}
