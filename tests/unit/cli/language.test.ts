import { expect, test } from 'vitest'
import { failureKinds, failureSchema, remedies, type FailureKind } from '#shared/failure.ts'
import window from '../../../src/renderer/locales/zh-CN.json' with { type: 'json' }
import { failuresChinese } from '../../../src/main/cli/failures-chinese.ts'
import { runHere } from '../../support/cli-tools.ts'
import { scratch } from '../../support/copies.ts'

test('a failure and what to do about it are told in Chinese, and to a script as ever', async () => {
  const on = ['--lang', 'zh-CN', '--data-dir', scratch()]
  const { code, stderr } = await runHere([...on, 'server', 'test', 'none'])
  expect([code, stderr]).toEqual([
    1,
    `找不到：There is no server called none.\n  ${failuresChinese['not-found'].remedy}\n`,
  ])
  const { stdout } = await runHere([...on, '--json', 'server', 'test', 'none'])
  const failure = { kind: 'not-found', message: 'There is no server called none.', ...remedies['not-found'] }
  expect(JSON.parse(stdout)).toEqual({ ok: false, failure: failureSchema.parse(failure) })
})

test('the terminal and the window have the same Chinese words for a failure, but where the way leads elsewhere', () => {
  const differs = (part: 'title' | 'remedy'): FailureKind[] =>
    failureKinds.filter((kind) => failuresChinese[kind][part] !== window.failure[kind][part])
  expect(differs('title')).toEqual(['not-found'])
  expect(differs('remedy')).toEqual([
    'host-key-changed',
    'answer-needed',
    'folder-missing',
    'catalogue-corrupt',
    'seal-refused',
    'not-found',
    'wrong-usage',
  ])
})
