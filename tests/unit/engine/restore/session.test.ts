import { DatabaseError } from 'pg'
import { expect, test } from 'vitest'
import { isRefusal } from '#engine/restore/session.ts'

const answer = (code: string, severity: string) =>
  Object.assign(new DatabaseError('it can not', 0, 'error'), { code, severity })

test('a server that could not reach another one has refused, and is still there', () => {
  expect(isRefusal(answer('08001', 'ERROR'))).toBe(true)
  expect(isRefusal(answer('08006', 'ERROR'))).toBe(true)
  expect(isRefusal(answer('HV00N', 'ERROR'))).toBe(true)
})

test.each([
  ['08006', 'FATAL'],
  ['08P01', 'FATAL'],
  ['08P01', 'ERROR'],
  ['57P01', 'FATAL'],
  ['57P02', 'WARNING'],
])('a session that has ended is no refusal: %s %s', (code, severity) => {
  expect(isRefusal(answer(code, severity))).toBe(false)
})
