import { expect, test } from 'vitest'
import { calls } from '#shared/contract.ts'
import { defaultSettings, settingsSchema } from '#shared/settings.ts'

test('a change of one setting leaves every other one as it is', () => {
  expect(calls['settings.set'].input.parse({ theme: 'dark' })).toEqual({ theme: 'dark' })
  expect(calls['settings.set'].input.parse({})).toEqual({})
})

test('what was never set has its default', () => {
  expect(settingsSchema.parse({ theme: 'dark' })).toEqual({ ...defaultSettings, theme: 'dark' })
})
