import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import type { CallName, Input, Output } from '#shared/contract.ts'
import { keyringIsHere, startKeyring } from './support/keyring.ts'
import { seed } from './support/seed.ts'
import { answerDialogs, askedQuestions, call } from './support/shell.ts'
import { chooseFiles, everythingIn, goToSealed, sealLocalFile } from './support/vault-window.ts'
import { expect, goTo, test } from './support/window.ts'

const passphrase = 'eleven quiet herons walk'
const meanwhile = 'POSTGRES_PASSWORD=changed-meanwhile\n'

async function must<C extends CallName>(page: Page, name: C, input: Input<C>): Promise<Output<C>> {
  const reply = await call(page, name, input)
  if (!reply.ok) throw new Error(`${name}: ${reply.failure.message}`)
  return reply.value
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

/** The new passphrase of the vault, typed twice. */
async function typePassphrase(page: Page, { remember = false } = {}): Promise<void> {
  const prompt = page.getByRole('dialog', { name: 'A passphrase for the vault' })
  await prompt.getByLabel('New passphrase').fill(passphrase)
  await prompt.getByLabel('The same once more').fill(passphrase)
  if (remember) await prompt.getByRole('checkbox', { name: 'Remember it' }).click()
  await prompt.getByRole('button', { name: 'Seal with it' }).click()
  await expect(page.getByRole('table', { name: 'Seals', exact: true }).getByRole('row')).toHaveCount(2)
}

/** Clicks what brings secrets out, and answers the question of the main process; gives the question. */
async function answered(app: ElectronApplication, yes: boolean, press: () => Promise<void>) {
  await answerDialogs(app, yes ? 1 : 0)
  await press()
  await expect.poll(async () => (await askedQuestions(app)).length).toBe(1)
  const [question] = await askedQuestions(app)
  return `${question?.message}\n${question?.detail}`
}

/** The demo server's production .env sealed and opened; then another hand changes the file on the server. */
async function sealedAndChanged(page: Page): Promise<string> {
  await must(page, 'demo.start', {})
  const database = (await must(page, 'database.list', {})).find(({ label }) => label === 'prod')
  const path = database?.env[0] ?? ''
  await goTo(page, 'Vault')
  await page.getByRole('main').getByRole('row').filter({ hasText: 'prod' }).click()
  await page.getByRole('main').getByRole('button', { name: 'Seal files…' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Seal', exact: true }).click()
  await typePassphrase(page)
  await page.getByRole('table', { name: 'Seals', exact: true }).getByRole('row').nth(1).click()
  await expect(page.getByRole('table', { name: 'Lines of the file' })).toBeVisible()
  writeFileSync(path, meanwhile)
  chmodSync(path, 0o644)
  return path
}

test('what is sealed comes back to a folder, to its server and into a password manager, each only after a yes', async ({
  open,
  dataDir,
}) => {
  const { app, window: page } = await open()
  const main = page.getByRole('main')
  const dialog = page.getByRole('dialog')
  const notices = page.getByRole('region', { name: 'Notices' })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const envFile = join(dataDir, 'demo/home/operator/projects/agentcard/.env.prod')
  const path = await sealedAndChanged(page)
  expect(path).toBe(envFile)
  const [sealed] = await must(page, 'vault.list', {})
  const id = sealed?.id ?? ''
  const { value: secret } = await must(page, 'vault.reveal', { id, file: '.env.prod', line: 2 })
  expect(secret.length).toBeGreaterThan(10)

  await test.step('written to a folder that is closed to others', async () => {
    const folder = join(dataDir, 'out')
    mkdirSync(folder, { mode: 0o755 })
    const write = async (): Promise<void> => {
      await chooseFiles(app, [folder])
      await main.getByRole('button', { name: 'Write to a folder…' }).click()
    }
    const question = await answered(app, false, write)
    for (const named of ['“prod” on the server “demo”', folder, '.env.prod', 'IN CLEAR'])
      expect(question).toContain(named)
    await expect(main.getByRole('button', { name: 'Write to a folder…' })).toBeEnabled()
    expect(readdirSync(folder)).toEqual([])
    await answered(app, true, write)
    await expect(notices).toContainText('1 file written, in clear')
    expect(readdirSync(folder)).toEqual(['.env.prod'])
    expect(readFileSync(join(folder, '.env.prod'), 'utf8')).toContain(secret)
    expect([modeOf(folder), modeOf(join(folder, '.env.prod'))]).toEqual(['700', '600'])
  })

  await test.step('put on the server, and what lay there is sealed', async () => {
    await main.getByRole('button', { name: 'Put on the server…' }).click()
    await expect(dialog.getByLabel('Path on the server')).toHaveValue(path)
    const put = () => dialog.getByRole('button', { name: 'Put it there…' }).click()
    const question = await answered(app, false, put)
    for (const named of [path, '“demo”']) expect(question).toContain(named)
    await expect(dialog.getByRole('button', { name: 'Put it there…' })).toBeEnabled()
    expect(readFileSync(path, 'utf8')).toBe(meanwhile)
    expect(await must(page, 'vault.list', {})).toHaveLength(1)

    await answered(app, true, put)
    await expect(dialog).toHaveCount(0)
    const putting = async () => (await must(page, 'job.list', {})).find(({ kind }) => kind === 'put')?.state
    await expect.poll(putting).toBe('done')
    expect(readFileSync(path, 'utf8')).toBe(readFileSync(join(dataDir, 'out', '.env.prod'), 'utf8'))
    expect(modeOf(path)).toBe('600')
    expect(readdirSync(dirname(path)).filter((name) => name.includes('lifeboat'))).toEqual([])
    const [before, ...older] = await must(page, 'vault.list', {})
    expect(older.map((seal) => seal.id)).toEqual([id])
    expect(await must(page, 'vault.reveal', { id: before?.id ?? '', file: '.env.prod', line: 1 })).toEqual({
      key: 'POSTGRES_PASSWORD',
      value: 'changed-meanwhile',
    })
  })

  await test.step('exported, with its warning, for either password manager', async () => {
    const folder = join(dataDir, 'exported')
    mkdirSync(folder, { mode: 0o700 })
    await main.getByRole('button', { name: 'Export…' }).click()
    await expect(dialog).toContainText('The file holds every value in clear.')
    const write = async (): Promise<void> => {
      await chooseFiles(app, [folder])
      await dialog.getByRole('button', { name: 'Choose a folder…' }).click()
    }
    const question = await answered(app, false, write)
    for (const named of ['“prod” on the server “demo” IN CLEAR', folder]) expect(question).toContain(named)
    await expect(dialog.getByRole('button', { name: 'Choose a folder…' })).toBeEnabled()
    expect(readdirSync(folder)).toEqual([])

    await answered(app, true, write)
    await expect(dialog).toHaveCount(0)
    await main.getByRole('button', { name: 'Export…' }).click()
    await dialog.getByRole('radio', { name: '1Password' }).click()
    await answered(app, true, write)
    await expect(dialog).toHaveCount(0)
    const names = readdirSync(folder)
    expect(names.map((name) => name.replace(/[\d_]+/, 'STAMP')).toSorted()).toEqual([
      'demo-prod-STAMP-IN-CLEAR.csv',
      'demo-prod-STAMP-IN-CLEAR.json',
    ])
    for (const name of names) {
      expect(modeOf(join(folder, name))).toBe('600')
      expect(readFileSync(join(folder, name), 'utf8')).toContain(secret)
    }
  })

  await test.step('the recovery sheet goes to the printer alone, without a secret', async () => {
    await goTo(page, 'Vault')
    await main.getByRole('button', { name: 'Recovery sheet…' }).click()
    const sheet = (await dialog.getByLabel('Recovery sheet').textContent()) ?? ''
    expect(sheet).toContain('demo/prod')
    for (const word of [passphrase, secret, 'changed-meanwhile']) expect(sheet).not.toContain(word)
    await page.emulateMedia({ media: 'print' })
    const printed = await page.evaluate(() => document.body.innerText)
    expect(printed.trim()).toBe(sheet.trim())
    expect(await pagesInPdf(app)).toBe(1)
    await page.emulateMedia({ media: null })
  })
  await expect(page.getByRole('alert')).toHaveCount(0)
})

/** How many sheets of paper the printer would take. */
async function pagesInPdf(app: ElectronApplication): Promise<number> {
  const pdf = await app.evaluate(async ({ BrowserWindow }) => {
    const bytes = await BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({})
    return bytes?.toString('latin1') ?? ''
  })
  return [...pdf.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length
}

test('a passphrase that is forgotten in the settings is asked for again, and is not forgotten without a yes', async ({
  open,
  dataDir,
}) => {
  test.skip(
    !keyringIsHere() && process.env['CI'] === undefined,
    'needs dbus-daemon, dbus-send and gnome-keyring-daemon',
  )
  const keyring = await startKeyring()
  try {
    seed(dataDir, { copies: 0, now: new Date() })
    const file = join(dataDir, '.env')
    writeFileSync(file, 'TOKEN=one\n', { mode: 0o600 })
    const { app, window: page } = await open({ args: ['--password-store=gnome-libsecret'], env: keyring.env })
    const main = page.getByRole('main')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await goToSealed(page, 'shop')
    await sealLocalFile(app, page, file)
    await typePassphrase(page, { remember: true })
    const open1 = async (): Promise<void> => {
      await main.getByRole('button', { name: 'Lock', exact: true }).click()
      await expect(main.getByText('Locked', { exact: true })).toBeVisible()
      await page.getByRole('table', { name: 'Seals', exact: true }).getByRole('row').nth(1).click()
    }
    await test.step('while it is kept nobody is asked', async () => {
      await open1()
      await expect(page.getByRole('table', { name: 'Lines of the file' })).toBeVisible()
    })

    await goTo(page, 'Settings')
    const kept = main.getByRole('listitem').filter({ hasText: 'Passphrase of the vault' })
    const forget = () => kept.getByRole('button', { name: 'Forget' }).click()
    const onDisk = () => readFileSync(join(dataDir, 'keychain.json'), 'utf8')
    await test.step('a No keeps it', async () => {
      expect(await answered(app, false, forget)).toContain('NOBODY can open these seals again')
      await expect(kept).toBeVisible()
      expect(onDisk()).toContain('vault:passphrase')
    })
    await test.step('a Yes takes it off the disk, and nothing else', async () => {
      await answered(app, true, forget)
      await expect(kept).toHaveCount(0)
      await expect(main.getByRole('listitem').filter({ hasText: 'Key with which .env files' })).toBeVisible()
      expect(onDisk()).not.toContain('vault:passphrase')
    })
    await test.step('and it is asked for', async () => {
      await goToSealed(page, 'shop')
      await open1()
      const prompt = page.getByRole('dialog', { name: 'Passphrase of the vault' })
      await prompt.getByLabel('Passphrase').fill(passphrase)
      await page.keyboard.press('Enter')
      await expect(page.getByRole('table', { name: 'Lines of the file' })).toBeVisible()
      expect(await everythingIn(page)).not.toContain(passphrase)
    })
    expect(existsSync(file)).toBe(true)
  } finally {
    await keyring.stop()
  }
})
