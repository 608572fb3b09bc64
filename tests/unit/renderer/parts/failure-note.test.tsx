import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { FailureNote } from '../../../../src/renderer/parts/failure-note.tsx'
import { startWords } from '../../../../src/renderer/words/i18n.ts'

vi.stubGlobal('document', { documentElement: {} })
await startWords('en')

test('nothing hides in what a server said: marks that can not be seen are made visible', () => {
  const failure = toFailure(new LifeboatFailure('remote-command', 'it said \u202eevil'))
  expect(renderToStaticMarkup(<FailureNote failure={failure} />)).toContain('it said \\u{202e}evil')
})

test('the way out waits where it is told to, the details do not', () => {
  const failure = toFailure(new LifeboatFailure('catalogue-busy', 'busy', { detail: 'more' }))
  const disabled = (markup: string): number => markup.split('disabled=""').length - 1
  expect(disabled(renderToStaticMarkup(<FailureNote failure={failure} />))).toBe(0)
  expect(disabled(renderToStaticMarkup(<FailureNote failure={failure} waits />))).toBe(1)
})
