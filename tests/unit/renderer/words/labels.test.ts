import { expect, test } from 'vitest'
import { labelKind } from '../../../../src/renderer/words/labels.ts'
import { subjectOf } from '../../../../src/renderer/words/subject.ts'

test.each([
  ['prod', 'prod'],
  ['Production-eu', 'prod'],
  ['生产', 'prod'],
  ['test', 'test'],
  ['staging', 'test'],
  ['测试2', 'test'],
  ['shop', 'other'],
  ['reproduction', 'other'],
])('the label %s is coloured as %s', (label, kind) => {
  expect(labelKind(label)).toBe(kind)
})

test('a job on a database is named by server and label, one on a file by its path', () => {
  expect(subjectOf({ subject: 'shop/prod', databaseId: 'd', copyIds: [] })).toEqual({ server: 'shop', label: 'prod' })
  expect(subjectOf({ subject: '/tmp/x.sql', databaseId: null, copyIds: [] })).toBeNull()
  expect(subjectOf({ subject: 'shop', databaseId: 'd', copyIds: [] })).toBeNull()
})
