import { describe, expect, test } from 'vitest'
import { toFailure, LifeboatFailure } from '#shared/failure.ts'
import { noticeOf } from '../../../../src/main/shell/desktop/notices.ts'
import { wordsOf } from '../../../../src/main/shell/words.ts'
import { jobRow } from '../job-row.ts'

const en = wordsOf('en').notice
const failure = (message: string) => toFailure(new LifeboatFailure('dump-failed', message))

describe('a notice', () => {
  test('of a copy that was read to its end says so', () => {
    expect(noticeOf(jobRow({ state: 'done', outcome: 'proven' }), en)).toEqual({
      title: 'Backup of shop/prod is done',
      body: en.proven,
    })
  })
  test.each(['not-checked', null] as const)('of a copy with outcome %s never sounds like a proof', (outcome) => {
    expect(noticeOf(jobRow({ state: 'done', outcome }), en)?.body).toBe(en.notChecked)
  })
  test.each(['backup', 'pull', 'check'] as const)('of a %s that found damage says damaged, not done', (kind) => {
    const notice = noticeOf(jobRow({ kind, state: 'done', outcome: 'damaged' }), en)
    expect(notice?.title).toBe('shop/prod: a copy is damaged')
    expect(notice?.title).not.toContain('done')
  })
  test('of a failure gives its sentence', () => {
    const notice = noticeOf(jobRow({ state: 'failed', failure: failure('pg_dump ended with 1.') }), en)
    expect(notice).toEqual({ title: 'Backup of shop/prod failed', body: 'pg_dump ended with 1.' })
  })
  test('shows foreign text in one line, without marks that hide or turn it, and not endless', () => {
    const foreign = `a\nb\u202Ec${'x'.repeat(900)}`
    const body = noticeOf(jobRow({ state: 'failed', failure: failure(foreign) }), en)?.body ?? ''
    expect(body).not.toMatch(/[\n\u202E]/)
    expect(body.length).toBeLessThanOrEqual(240)
  })
  test.each(['cancelled', 'running', 'queued'] as const)('is not given when the job is %s', (state) => {
    expect(noticeOf(jobRow({ state }), en)).toBeNull()
  })
  test('is not given for a connection test', () => {
    expect(noticeOf(jobRow({ kind: 'test', state: 'done' }), en)).toBeNull()
  })
})
