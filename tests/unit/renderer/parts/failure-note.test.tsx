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
