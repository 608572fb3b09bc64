import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprintOfSum, readTableSumLines, readTableSums } from '#engine/fingerprint/answer.ts'
import { whyNoFingerprint } from '#engine/fingerprint/encoding.ts'
import { fingerprintStatements, quoteName, type FingerprintTable } from '#engine/fingerprint/query.ts'
import { pinSettings } from '#engine/fingerprint/settings.ts'

const table = (name: string, columns: string[] = ['a']): FingerprintTable => ({
  schema: 's',
  name,
  columns: columns.map((column) => ({ name: column, nullable: true })),
  only: true,
})

describe('a fingerprint statement', () => {
  test('quotes every name, so that none can end the statement', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 63 }), (name) => {
        const quoted = quoteName(name)
        expect(quoted.slice(1, -1).replaceAll('""', '')).not.toContain('"')
        expect(quoted.slice(1, -1).replaceAll('""', '"')).toBe(name)
        const [statement] = fingerprintStatements([table(name, [name])], { method: 'fingerprints' })
        expect(statement?.sql).toContain(`FROM ONLY "s".${quoted} t`)
        expect(statement?.sql).toContain(`concat(t.${quoted})`)
      }),
    )
  })

  test('gives no function more than 100 arguments, for any number of columns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1600 }), (count) => {
        const columns = Array.from({ length: count }, (_, i) => `c${i}`)
        const [statement] = fingerprintStatements([table('t', columns)], { method: 'fingerprints' })
        expect(argumentCounts(statement?.sql ?? '').every((n) => n <= 100)).toBe(true)
        for (const column of columns) expect(statement?.sql).toContain(`concat(t."${column}")`)
      }),
      { numRuns: 20, examples: [[0], [1], [90], [91], [1600]] },
    )
  })

  test('is about each table once, in batches, and a large one has its own', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 400 }), (sizes) => {
        const tables = sizes.map((rows, i) => ({ ...table(`t${i}`), rows }))
        const statements = fingerprintStatements(tables, { method: 'counts', rowsOf: ({ rows }) => rows })
        expect(statements.flatMap((one) => one.tables.map(({ name }) => name)).toSorted()).toEqual(
          tables.map(({ name }) => name).toSorted(),
        )
        for (const { sql, tables: about } of statements) {
          expect(sql.split('UNION ALL')).toHaveLength(about.length)
          about.forEach(({ name }, i) => expect(sql).toMatch(new RegExp(`SELECT ${i} AS .* FROM ONLY "s"."${name}" t`)))
          if (about.length > 1) expect(about.every(({ rows }) => rows <= 20_000)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('counts read no column, the root of partitions is read with its children', () => {
    const [counts] = fingerprintStatements([{ ...table('t'), only: false }], { method: 'counts' })
    expect(counts?.sql).not.toContain('"a"')
    expect(counts?.sql).toContain('FROM "s"."t" t')
  })
})

/** The number of arguments of each call of concat_ws. */
function argumentCounts(sql: string): number[] {
  const counts: number[] = []
  const open: { call: boolean; commas: number }[] = []
  for (let at = 0; at < sql.length; at++) {
    const c = sql[at]
    if (c === '(') open.push({ call: sql.slice(0, at).endsWith('concat_ws'), commas: 0 })
    else if (c === ',') {
      const inner = open.at(-1)
      if (inner) inner.commas++
    } else if (c === ')') {
      const closed = open.pop()
      if (closed?.call) counts.push(closed.commas + 1)
    }
  }
  return counts
}

describe('the answer', () => {
  test('the sum of hashes becomes unsigned, modulo 2^64', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (hashes) => {
        const sum = hashes.reduce((total, hash) => total + hash, 0n)
        const unsigned = hashes.reduce((total, hash) => (total + BigInt.asUintN(64, hash)) % 2n ** 64n, 0n)
        expect(fingerprintOfSum(sum.toString())).toBe(unsigned.toString())
      }),
    )
  })

  test('is read from a driver and from the lines of psql', () => {
    const sums = new Map([
      [0, { rows: 3, fingerprint: '18446744073709551615' }],
      [1, { rows: 0, fingerprint: null }],
    ])
    expect(
      readTableSums([
        [0, '3', '-1'],
        [1, '0', null],
      ]),
    ).toEqual(sums)
    expect(readTableSumLines('0|3|-1\n1|0|\n')).toEqual(sums)
  })

  test.each(['ERROR:  permission denied', '0|1', '0|x|1', '0|1|1.5', '-1|1|1'])('%j is none', (line) => {
    expect(() => readTableSumLines(line)).toThrow('no answer')
  })
})

test('settings are quoted, and can last for a transaction only', () => {
  expect(pinSettings({ a: "it's" }, 'local')).toBe("SET LOCAL a = 'it''s';")
})

test('an encoding whose UTF-8 a server can not hash is known before it is asked', () => {
  expect(whyNoFingerprint('UTF8', 13)).toBeNull()
  expect(whyNoFingerprint('LATIN1', 13)).toBeNull()
  expect(whyNoFingerprint('EUC_CN', 17)).toContain('EUC_CN')
  expect(whyNoFingerprint('EUC_CN', 18)).toBeNull()
})
