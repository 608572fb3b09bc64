import { beforeEach, expect, test } from 'vitest'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { useNotices, type Notice } from '../../../../src/renderer/stores/notices.ts'

const { tell } = useNotices.getState()
const failure = toFailure(new LifeboatFailure('disk-full', 'Full.'))
const fail = (title: string) => tell({ kind: 'failure', title, failure })
const plain = (title: string) => tell({ kind: 'plain', title })
const titles = () => useNotices.getState().notices.map(({ title }: Notice) => title)

beforeEach(() => useNotices.setState({ notices: [] }))

test('a failure is not pushed out by what passes', () => {
  fail('failed')
  for (const title of ['a', 'b', 'c', 'd', 'e']) plain(title)
  expect(titles()).toEqual(['failed', 'c', 'd', 'e'])
})
test('what is new is shown also beside failures only', () => {
  for (const title of ['1', '2', '3', '4', '5']) fail(title)
  plain('a')
  plain('b')
  expect(titles()).toEqual(['2', '3', '4', '5', 'b'])
})
