import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'tests/app',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results/app',
  // One window at a time: they share the display and the keyboard's focus.
  workers: 1,
  // how long a red test takes; a busy machine is not taken for a fault
  timeout: 180_000,
  expect: { timeout: 60_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: process.env['LIFEBOAT_APP_REPORT']
    ? [['list'], ['json', { outputFile: process.env['LIFEBOAT_APP_REPORT'] }]]
    : [['list']],
})
