import { expect, test, vi } from 'vitest'
import type { Job } from '#shared/job.ts'
import { noticeOf } from '../../../../src/renderer/frame/job-notices.ts'
import { startWords } from '../../../../src/renderer/words/i18n.ts'
import { jobRow } from '../../shell/job-row.ts'

vi.stubGlobal('document', { documentElement: {} })
await startWords('en')

const ended = jobRow({
  kind: 'check',
  state: 'done',
  subject: '/home/me/dump.sql',
  databaseId: null,
  outcome: 'proven',
})

test('of a file that was checked nothing is told that is true of copies only', () => {
  const told = (outcome: Job['outcome']): string | undefined => noticeOf({ ...ended, outcome })?.text
  expect(told('proven')).toBe('Readable to its very end')
  expect(told('damaged')).toBe('Damaged')
  expect(told('not-checked')).toBe('Could not be checked here')
  expect(noticeOf({ ...ended, copyIds: ['c'], subject: 'shop/prod' })?.text).toBe('Stored and readable: proven.')
})

test('only what was proven gets the tick', () => {
  for (const outcome of ['damaged', 'not-checked', null] as const)
    expect(noticeOf({ ...ended, outcome })?.kind).toBe('plain')
  expect(noticeOf(ended)?.kind).toBe('done')
})
