// The innermost loop of the dump reader, compiled to WebAssembly by build.mjs beside it.
// It walks the rows of a COPY block in memory that the caller fills, checks each one and adds up the row hashes.

/** Why `copyRows` came back. */
const NEEDS_MORE: i32 = 0
const END_MARKER: i32 = 1
const WRONG_COLUMNS: i32 = 2
const STRAY_RETURN: i32 = 3
const NUL_BYTE: i32 = 4
const STRAY_MARKER: i32 = 5
const BAD_UTF8: i32 = 6
const NO_RETURN: i32 = 7

/** Instead of a number of tabs: rows of any shape. */
const ANY: i32 = -2

const NL: u8 = 10
const TAB: u8 = 9
const CR: u8 = 13
const BACKSLASH: u8 = 92

/** Rows, row hashes (modulo 2^64) and lines since the caller last set them to zero. */
export let rows: u32 = 0
export let sum: u64 = 0
export let lines: u32 = 0
export let stop: i32 = 0
/** With `stop` set to a bad row: how many columns it had, its lines, and where the next one begins. */
export let fields: i32 = 0
export let spanned: u32 = 0
export let next: u32 = 0

/** A place to unescape shorter rows into; longer ones are unescaped where they stand. */
let scratch: usize = 0
let scratchSize: usize = 0

export function setScratch(at: usize, size: usize): void {
  scratch = at
  scratchSize = size
}

/**
 * lookup3 by Bob Jenkins in the 64-bit form that PostgreSQL calls hash_bytes_extended, with seed 0.
 * Reads up to 12 bytes past the end, which the caller leaves room for.
 */
export function hash(at: usize, length: usize): u64 {
  let n = length
  let p = at
  let a: u32 = 0x9e3779b9 + u32(length) + 3923095
  let b: u32 = a
  let c: u32 = a
  while (n >= 12) {
    a += load<u32>(p)
    b += load<u32>(p, 4)
    c += load<u32>(p, 8)
    a -= c
    a ^= rotl<u32>(c, 4)
    c += b
    b -= a
    b ^= rotl<u32>(a, 6)
    a += c
    c -= b
    c ^= rotl<u32>(b, 8)
    b += a
    a -= c
    a ^= rotl<u32>(c, 16)
    c += b
    b -= a
    b ^= rotl<u32>(a, 19)
    a += c
    c -= b
    c ^= rotl<u32>(b, 4)
    b += a
    p += 12
    n -= 12
  }
  if (n >= 8) {
    a += load<u32>(p)
    b += load<u32>(p, 4)
    // The lowest byte of c belongs to the length.
    c += (load<u32>(p, 8) & ((1 << (u32(n - 8) << 3)) - 1)) << 8
  } else if (n >= 4) {
    a += load<u32>(p)
    b += load<u32>(p, 4) & ((1 << (u32(n - 4) << 3)) - 1)
  } else {
    a += load<u32>(p) & ((1 << (u32(n) << 3)) - 1)
  }
  c ^= b
  c -= rotl<u32>(b, 14)
  a ^= c
  a -= rotl<u32>(c, 11)
  b ^= a
  b -= rotl<u32>(a, 25)
  c ^= b
  c -= rotl<u32>(b, 16)
  a ^= c
  a -= rotl<u32>(c, 4)
  b ^= a
  b -= rotl<u32>(a, 14)
  c ^= b
  c -= rotl<u32>(b, 24)
  return (u64(b) << 32) | u64(c)
}

/** Adds one row whose text already stands unescaped at `at`. */
export function addRow(at: usize, length: usize): void {
  sum += hash(at, length)
  rows++
}

/** Newlines in [from, end). */
export function newlines(from: usize, end: usize): u32 {
  const nl = i8x16.splat(NL)
  let count: u32 = 0
  let p = from
  while (p + 16 <= end) {
    count += popcnt<u32>(i8x16.bitmask(i8x16.eq(v128.load(p), nl)))
    p += 16
  }
  while (p < end) {
    if (load<u8>(p) == NL) count++
    p++
  }
  return count
}

/**
 * Reads whole rows in [from, end) and returns where it stopped: the start of a line, or `end`.
 * `tabs`: separators that each row must have, or ANY; -1 for rows without any column. `crlf`: lines end with CR LF. `utf8`: bytes from escapes must be UTF-8.
 */
export function copyRows(from: usize, end: usize, tabs: i32, crlf: bool, utf8: bool): usize {
  const nl = i8x16.splat(NL)
  const tab = i8x16.splat(TAB)
  const cr = i8x16.splat(CR)
  const backslash = i8x16.splat(BACKSLASH)
  const nul = i8x16.splat(0)
  let start = from
  while (start < end) {
    let p = start
    let seen: i32 = 0
    let special: i32 = 0
    let lineEnd: usize = 0
    while (p < end) {
      const v = v128.load(p)
      const ends = i8x16.bitmask(i8x16.eq(v, nl))
      const tabMask = i8x16.bitmask(i8x16.eq(v, tab))
      const oddMask = i8x16.bitmask(v128.or(i8x16.eq(v, backslash), v128.or(i8x16.eq(v, cr), i8x16.eq(v, nul))))
      if (ends != 0) {
        const before = (ends & -ends) - 1
        seen += popcnt<i32>(tabMask & before)
        special |= oddMask & before
        lineEnd = p + ctz<i32>(ends)
        break
      }
      seen += popcnt<i32>(tabMask)
      special |= oddMask
      p += 16
    }
    if (lineEnd == 0 || lineEnd >= end) break
    if (special == 0) {
      if (crlf) return stopAt(start, lineEnd, NO_RETURN, seen, 1)
      if (seen != tabs && !fits(lineEnd - start, tabs)) return stopAt(start, lineEnd, WRONG_COLUMNS, seen, 1)
      sum += hash(start, lineEnd - start)
      start = lineEnd + 1
      rows++
      lines++
      continue
    }
    const after = specialRow(start, lineEnd, end, tabs, crlf, utf8)
    if (after == 0) break
    if (stop != NEEDS_MORE) return start
    start = after
  }
  stop = NEEDS_MORE
  return start
}

/** Whether a number of tabs other than `tabs` is right for a row of this length. */
function fits(length: usize, tabs: i32): bool {
  return tabs == ANY || (tabs == -1 && length == 0)
}

function stopAt(start: usize, lineEnd: usize, reason: i32, tabs: i32, span: u32): usize {
  stop = reason
  spanned = span
  fields = tabs + 1
  next = u32(lineEnd + 1)
  return start
}

/** A row with a backslash, a carriage return or a zero byte. Returns where the next one begins, 0 to wait for more. */
function specialRow(start: usize, firstEnd: usize, end: usize, tabs: i32, crlf: bool, utf8: bool): usize {
  let lineEnd = firstEnd
  let rowEnd = crlf && lineEnd > start && load<u8>(lineEnd - 1) == CR ? lineEnd - 1 : lineEnd
  if (rowEnd == start + 2 && load<u8>(start) == BACKSLASH && load<u8>(start, 1) == 46) {
    stopAt(start, lineEnd, END_MARKER, 0, 1)
    return lineEnd + 1
  }
  if (crlf && rowEnd == lineEnd) {
    stopAt(start, lineEnd, NO_RETURN, 0, 1)
    return lineEnd + 1
  }
  let extraLines: u32 = 0
  while (endsEscaped(start, rowEnd)) {
    // A backslash before the newline makes it part of the value.
    let q = lineEnd + 1
    while (q < end && load<u8>(q) != NL) q++
    if (q >= end) return 0
    lineEnd = q
    rowEnd = crlf && load<u8>(q - 1) == CR ? q - 1 : q
    extraLines++
  }
  stop = NEEDS_MORE
  const into = rowEnd - start <= scratchSize ? scratch : start
  const length = unescape(start, rowEnd, into, tabs, utf8)
  if (stop != NEEDS_MORE) {
    stopAt(start, lineEnd, stop, fields - 1, 1 + extraLines)
    return lineEnd + 1
  }
  sum += hash(into, length)
  rows++
  lines += 1 + extraLines
  return lineEnd + 1
}

function endsEscaped(start: usize, end: usize): bool {
  let p = end
  while (p > start && load<u8>(p - 1) == BACKSLASH) p--
  return ((end - p) & 1) == 1
}

/** Where the next backslash, tab, CR or NUL stands in [from, end), else `end`. */
function nextOdd(from: usize, end: usize): usize {
  const backslash = i8x16.splat(BACKSLASH)
  const tab = i8x16.splat(TAB)
  const cr = i8x16.splat(CR)
  const nul = i8x16.splat(0)
  let p = from
  while (p < end) {
    const v = v128.load(p)
    const mask = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(v, backslash), i8x16.eq(v, tab)), v128.or(i8x16.eq(v, cr), i8x16.eq(v, nul))),
    )
    if (mask != 0) {
      const at = p + ctz<i32>(mask)
      return at < end ? at : end
    }
    p += 16
  }
  return end
}

/** Copies forwards; the target never lies behind the source. */
function copyRun(to: usize, from: usize, length: usize): void {
  if (to == from) return
  let n = length
  let d = to
  let s = from
  while (n >= 16) {
    v128.store(d, v128.load(s))
    d += 16
    s += 16
    n -= 16
  }
  while (n > 0) {
    store<u8>(d++, load<u8>(s++))
    n--
  }
}

/** Writes the row's text to `into` and returns its length; sets `stop` and `fields`. */
function unescape(start: usize, end: usize, into: usize, tabs: i32, utf8: bool): usize {
  let r = start
  let w = into
  let fieldStart = start
  let seen: i32 = 0
  let highEscape = false
  while (true) {
    const odd = nextOdd(r, end)
    copyRun(w, r, odd - r)
    w += odd - r
    r = odd
    if (r >= end) break
    const c = load<u8>(r)
    if (c == TAB) {
      store<u8>(w++, TAB)
      r++
      seen++
      fieldStart = r
      continue
    }
    if (c != BACKSLASH) {
      stop = c == CR ? STRAY_RETURN : NUL_BYTE
      fields = seen + 1
      return 0
    }
    const e = load<u8>(r, 1)
    if (e == 78 && r == fieldStart && (r + 2 == end || load<u8>(r, 2) == TAB)) {
      store<u8>(w, 1)
      store<u8>(w, 78, 1)
      w += 2
      r += 2
      continue
    }
    if (e == 46) {
      stop = STRAY_MARKER
      fields = seen + 1
      return 0
    }
    r += 2
    let value: i32 = i32(e)
    if (e == 98) value = 8
    else if (e == 102) value = 12
    else if (e == 110) value = 10
    else if (e == 114) value = 13
    else if (e == 116) value = 9
    else if (e == 118) value = 11
    else if (e >= 48 && e <= 55) {
      value = i32(e) - 48
      if (r < end && isOctal(load<u8>(r))) {
        value = (value << 3) + i32(load<u8>(r++)) - 48
        if (r < end && isOctal(load<u8>(r))) value = (value << 3) + i32(load<u8>(r++)) - 48
      }
      value &= 255
      highEscape = highEscape || value > 127
    } else if (e == 120 && r < end && hexValue(load<u8>(r)) >= 0) {
      value = hexValue(load<u8>(r++))
      if (r < end && hexValue(load<u8>(r)) >= 0) value = (value << 4) + hexValue(load<u8>(r++))
      highEscape = highEscape || value > 127
    }
    if (value == 0) {
      stop = NUL_BYTE
      fields = seen + 1
      return 0
    }
    store<u8>(w++, u8(value))
  }
  fields = seen + 1
  if (seen != tabs && !fits(end - start, tabs)) stop = WRONG_COLUMNS
  else if (highEscape && utf8 && !isUtf8(into, w)) stop = BAD_UTF8
  return w - into
}

function isOctal(c: u8): bool {
  return c >= 48 && c <= 55
}

function hexValue(c: u8): i32 {
  if (c >= 48 && c <= 57) return i32(c) - 48
  if (c >= 97 && c <= 102) return i32(c) - 87
  if (c >= 65 && c <= 70) return i32(c) - 55
  return -1
}

/** Only for rows with bytes from octal or hex escapes; all others are checked by the block. */
function isUtf8(from: usize, end: usize): bool {
  let p = from
  while (p < end) {
    const c = load<u8>(p)
    if (c < 0x80) {
      p++
      continue
    }
    const more: usize = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1
    if (c < 0xc2 || c > 0xf4 || p + more >= end) return false
    const second = load<u8>(p, 1)
    if (second < 0x80 || second > 0xbf) return false
    if (c == 0xe0 && second < 0xa0) return false
    if (c == 0xed && second > 0x9f) return false
    if (c == 0xf0 && second < 0x90) return false
    if (c == 0xf4 && second > 0x8f) return false
    for (let i: usize = 2; i <= more; i++) {
      const other = load<u8>(p + i)
      if (other < 0x80 || other > 0xbf) return false
    }
    p += more + 1
  }
  return true
}
