import type { Page } from 'playwright'
import type { Scenario } from './sample-bridge.ts'
import { declined, newPassphrasePrompt, vaultPrompt } from './sample-vault.ts'

interface Shot {
  name: string
  scenario: Scenario
  go?: (page: Page) => Promise<void>
}

/** To the vault by its key, whatever it is called. */
async function vault(page: Page): Promise<void> {
  await page.keyboard.press('Control+4')
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasText: /Vault|保险库/ })
    .waitFor()
}

async function shopProd(page: Page): Promise<void> {
  await vault(page)
  await page.getByRole('row').filter({ hasText: 'shop' }).first().click()
  await page.getByRole('row').nth(3).waitFor()
}

async function newest(page: Page): Promise<void> {
  await shopProd(page)
  await page.locator('[data-row="0"]').last().click()
  await page.waitForTimeout(200)
}

async function dialog(page: Page, button: RegExp): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: button }).click()
  await page.getByRole('dialog').waitFor()
}

const unlocked = { vault: { unlocked: true } }
const busy = {
  kind: 'disk-failed' as const,
  message: 'The folder of the copies could not be read.',
  remedy: '',
  retry: 'now' as const,
  detail: 'EIO: i/o error, scandir',
}

/** The vault's screens in every state. */
export const vaultShots: readonly Shot[] = [
  { name: 'vault-locked', scenario: {}, go: vault },
  { name: 'vault-unlocked', scenario: unlocked, go: vault },
  { name: 'vault-empty', scenario: { empty: true }, go: vault },
  { name: 'vault-loading', scenario: { silent: ['vault.list'] }, go: vault },
  { name: 'vault-error', scenario: { failing: { 'vault.list': busy } }, go: vault },
  { name: 'vault-sealed', scenario: unlocked, go: shopProd },
  { name: 'vault-many', scenario: { vault: { seals: 1000 } }, go: shopProd },
  {
    name: 'vault-none',
    scenario: {},
    go: async (page) => {
      await vault(page)
      await page.getByRole('row').filter({ hasText: 'test' }).first().click()
    },
  },
  {
    name: 'vault-drift',
    scenario: { vault: { unlocked: true, drift: 'different' } },
    go: async (page) => {
      await shopProd(page)
      await page.getByRole('button', { name: /^(?:Compare with the server|与服务器比较)$/ }).click()
      await page.getByText('LEGACY_TOKEN').waitFor()
    },
  },
  {
    name: 'vault-drift-same',
    scenario: { vault: { drift: 'same' } },
    go: async (page) => {
      await shopProd(page)
      await page.getByRole('button', { name: /^(?:Compare with the server|与服务器比较)$/ }).click()
      await page.waitForTimeout(300)
    },
  },
  { name: 'vault-shut', scenario: { failing: { 'vault.show': declined } }, go: newest },
  { name: 'vault-opened', scenario: unlocked, go: newest },
  {
    name: 'vault-revealed',
    scenario: unlocked,
    go: async (page) => {
      await newest(page)
      await page.locator('[data-row="5"]').focus()
      await page.keyboard.down('Space')
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'vault-difference',
    scenario: unlocked,
    go: async (page) => {
      await newest(page)
      await page
        .getByRole('main')
        .getByRole('combobox')
        .filter({ hasText: /Compare with|比较/ })
        .click()
      await page.getByRole('option').nth(2).click()
      await page.getByText('LEGACY_TOKEN').waitFor()
    },
  },
  {
    name: 'vault-seal',
    scenario: {},
    go: async (page) => {
      await shopProd(page)
      await dialog(page, /^(?:Seal files…|封存文件…)$/)
    },
  },
  {
    name: 'vault-seal-keys',
    scenario: {},
    go: async (page) => {
      await shopProd(page)
      await dialog(page, /^(?:Seal files…|封存文件…)$/)
      await page.getByRole('radio', { name: /^(?:Public keys|公钥)$/ }).click()
      await page.getByText('Ada Operator').waitFor()
    },
  },
  {
    name: 'vault-put',
    scenario: unlocked,
    go: async (page) => {
      await newest(page)
      await dialog(page, /^(?:Put on the server…|放回服务器…)$/)
    },
  },
  {
    name: 'vault-export',
    scenario: unlocked,
    go: async (page) => {
      await newest(page)
      await dialog(page, /^(?:Export…|导出…)$/)
    },
  },
  {
    name: 'vault-sheet',
    scenario: {},
    go: async (page) => {
      await vault(page)
      await dialog(page, /^(?:Recovery sheet…|恢复单…)$/)
    },
  },
  { name: 'vault-prompt', scenario: { prompt: vaultPrompt } },
  {
    name: 'vault-new-passphrase',
    scenario: { prompt: newPassphrasePrompt },
    go: async (page) => {
      await page.getByRole('dialog').locator('input').first().fill('lifeboat 2026')
      await page.waitForTimeout(1500)
    },
  },
]
