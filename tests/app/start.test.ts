import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { launchApp } from './support/launch.ts'

test('the window opens on a fresh data folder', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lifeboat-start-'))
  const { app, window } = await launchApp({ dataDir, size: { width: 1200, height: 800 } })
  try {
    await expect(window).toHaveTitle(/Lifeboat/)
    await expect(window.getByRole('heading').first()).toBeVisible()
  } finally {
    await app.close()
    await rm(dataDir, { recursive: true, force: true })
  }
})
