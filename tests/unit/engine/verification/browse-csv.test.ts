import { expect, test } from 'vitest'
import { looksLikeFormula } from '#engine/verification/browse-csv.ts'

test.each(['=HYPERLINK("http://x")', '+1+cmd|x', '-2+3', '@SUM(A1)', '\t=1', '-'])(
  '%j is run by a spreadsheet',
  (text) => {
    expect(looksLikeFormula(text)).toBe(true)
  },
)
test.each([null, '', '-5', '+3.25', '-1.5e-7', '-1,234.50', 'a=b', '2026-01-05', '1+1'])('%j is only shown', (text) => {
  expect(looksLikeFormula(text)).toBe(false)
})
