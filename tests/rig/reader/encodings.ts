import { brotliCompressSync } from 'node:zlib'

/**
 * Asks a PostgreSQL what every character of an encoding is in Unicode. The reader's tables are made from this
 * (`npx node tests/rig/reader/encodings.ts SOCKET_DIR > src/main/engine/dump/encoding-tables.ts`), and a test compares them again.
 */

export const singleByte =
  'LATIN1 LATIN2 LATIN3 LATIN4 LATIN5 LATIN6 LATIN7 LATIN8 LATIN9 LATIN10 ISO_8859_5 ISO_8859_6 ISO_8859_7 ISO_8859_8 WIN1250 WIN1251 WIN1252 WIN1253 WIN1254 WIN1255 WIN1256 WIN1257 WIN1258 WIN866 WIN874 KOI8R KOI8U'.split(
    ' ',
  )
export const multiByte = 'EUC_JP EUC_CN EUC_KR SJIS BIG5 GBK UHC JOHAB'.split(' ')

/** A function that converts one character and gives NULL for what is none. */
export const conversion = `
  CREATE OR REPLACE FUNCTION pg_temp.conv(b bytea, e name) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN RETURN encode(convert(b, e, 'UTF8'), 'hex'); EXCEPTION WHEN others THEN RETURN NULL; END $$;`

const one = `SELECT to_hex(i) FROM generate_series(128, 255) i`
const two = `SELECT to_hex(i) || lpad(to_hex(j), 2, '0') FROM generate_series(128, 254) i, generate_series(48, 254) j`
const three = `SELECT '8f' || to_hex(i) || to_hex(j) FROM generate_series(161, 254) i, generate_series(161, 254) j`

/** A query for all characters of an encoding outside of ASCII: their bytes and their UTF-8, in hexadecimal. */
export function charactersQuery(encoding: string): string {
  const candidates = singleByte.includes(encoding) ? [one] : encoding === 'EUC_JP' ? [one, two, three] : [one, two]
  return `SELECT b || ' ' || u FROM (SELECT b, pg_temp.conv(decode(b, 'hex'), '${encoding}') u
    FROM (${candidates.join(' UNION ALL ')}) x(b)) y WHERE u IS NOT NULL`
}

/** The answer to that query, without sequences that are two characters. */
export function parseCharacters(answer: string): [bytes: number, codePoint: number][] {
  return answer
    .trim()
    .split('\n')
    .flatMap((line): [number, number][] => {
      const [bytes = '', utf8 = ''] = line.split(' ')
      const text = Buffer.from(utf8, 'hex').toString()
      const codePoint = text.codePointAt(0) ?? 0
      return String.fromCodePoint(codePoint) === text ? [[parseInt(bytes, 16), codePoint]] : []
    })
    .sort(([a], [b]) => a - b)
}

/** The 128 upper characters of a single-byte encoding. */
function singleTable(characters: [number, number][]): string {
  const known = new Map(characters)
  return Array.from({ length: 128 }, (_, i) => String.fromCodePoint(known.get(128 + i) ?? 0xfffd)).join('')
}

/** Differences of bytes and code points as variable-length integers, compressed. */
function multiTable(characters: [number, number][]): string {
  const out: number[] = []
  const put = (difference: number) => {
    let rest = difference < 0 ? -difference * 2 - 1 : difference * 2
    for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128)
    out.push(rest)
  }
  let [lastBytes, lastPoint] = [0, 0]
  for (const [bytes, codePoint] of characters) {
    put(bytes - lastBytes)
    put(codePoint - lastPoint)
    ;[lastBytes, lastPoint] = [bytes, codePoint]
  }
  return brotliCompressSync(Buffer.from(out)).toString('base64')
}

async function main(socketDir: string): Promise<void> {
  const { execFileSync } = await import('node:child_process')
  const ask = (encoding: string) => {
    const input = `${conversion}\n${charactersQuery(encoding)};`
    const options = { input, encoding: 'utf8', maxBuffer: 2 ** 30 } as const
    return parseCharacters(execFileSync('psql', ['-h', socketDir, '-U', 'postgres', '-qAtX', 'postgres'], options))
  }
  const name = (encoding: string) => encoding.toLowerCase().replaceAll('_', '')
  const escaped = (text: string) =>
    JSON.stringify(text).replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const single = singleByte.map((encoding) => `  ${name(encoding)}: ${escaped(singleTable(ask(encoding)))},\n`)
  const multi = multiByte.map((encoding) => `  ${name(encoding)}: '${multiTable(ask(encoding))}',\n`)
  process.stdout.write(`// Made from what PostgreSQL converts to what, by tests/rig/reader/encodings.ts.

/** The characters of the bytes 128 to 255; U+FFFD where there is none. */
export const singleByteTables: Record<string, string> = {
${single.join('')}}

/** Bytes and code points, each as its difference from the one before, in brotli and base64. */
export const multiByteTables: Record<string, string> = {
${multi.join('')}}
`)
}

const [, program, socketDir] = process.argv
if (program === import.meta.filename && socketDir) await main(socketDir)
