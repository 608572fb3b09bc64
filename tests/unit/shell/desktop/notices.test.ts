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
  test.each([
    ['verify', 'proven', en.restored],
    ['verify', 'not-checked', en.notChecked],
    ['pull', null, en.nothingNew],
    ['seal', null, en.sealed],
    ['put', null, en.written],
    ['drift', null, en.seeResult],
    ['compare', null, en.seeResult],
  ] as const)('of a %s with outcome %s says what came of that', (kind, outcome, body) => {
    expect(noticeOf(jobRow({ kind, state: 'done', outcome }), en)?.body).toBe(body)
  })
  test.each([
    ['put', en.perhapsWritten],
    ['backup', en.nothingKept],
    ['pull', en.nothingKept],
    ['verify', ''],
    ['seal', ''],
  ] as const)('of a %s that was interrupted promises nothing', (kind, body) => {
    expect(noticeOf(jobRow({ kind, state: 'interrupted' }), en)?.body).toBe(body)
  })
  test('of a file that is no copy speaks of the file', () => {
    const check = jobRow({ kind: 'check', state: 'done', outcome: 'damaged', subject: '/tmp/a.sql', databaseId: null })
    expect(noticeOf(check, en)?.title).toBe('/tmp/a.sql: the file is damaged')
  })
  test.each(['backup', 'pull', 'check'] as const)('of a %s that found damage says damaged, not done', (kind) => {
    const notice = noticeOf(jobRow({ kind, state: 'done', outcome: 'damaged', copyIds: ['c1'] }), en)
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
