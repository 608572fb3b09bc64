const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text up to the first NUL. Bytes that are no UTF-8 are read as Latin-1, so that two names never become one. */
export function fieldText(field: Buffer): string {
  const end = field.indexOf(0)
  const bytes = end < 0 ? field : field.subarray(0, end)
  try {
    return strict.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

/** A number as tar writes it: octal digits, or base 256 for large ones. Null when it is neither. */
export function numberField(field: Buffer): number | null {
  const first = field[0] ?? 0
  if (first === 0x80 || first === 0xff) return base256(field)
  const text = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .replace(/^[ \0]+/, '')
  if (text === '') return 0
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : null
}

function base256(field: Buffer): number | null {
  const value = BigInt.asIntN(field.length * 8 - 8, BigInt(`0x${field.subarray(1).toString('hex')}`))
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}

/** The records of a pax header, `LENGTH KEY=VALUE\n` each. Null when one is not as it should be. */
export function paxRecords(body: Buffer): [key: string, value: string][] | null {
  const records: [string, string][] = []
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at)
    if (space < 0 || space - at > 8) return null
    const digits = body.subarray(at, space).toString('latin1')
    if (!/^[1-9]\d*$/.test(digits)) return null
    const end = at + Number(digits)
    const equals = body.indexOf(0x3d, space)
    if (end > body.length || end <= space + 1 || body[end - 1] !== 0x0a || equals < 0 || equals >= end) return null
    const value = body.subarray(equals + 1, end - 1)
    if (value.includes(0)) return null
    records.push([body.subarray(space + 1, equals).toString('utf8'), fieldText(value)])
    at = end
  }
  return records
}
