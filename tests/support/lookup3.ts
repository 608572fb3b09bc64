/** PostgreSQL's hash_bytes_extended with seed 0, one step at a time: slow, and written in another way than the program's. */
export function slowHash(text: string | Uint8Array): bigint {
  const key = typeof text === 'string' ? Buffer.from(text) : text
  const r = new Uint32Array(3).fill(0x9e3779b9 + key.length + 3923095)
  const at = (i: number) => r[i % 3] ?? 0
  const rotated = (x: number, n: number) => (x << n) | (x >>> (32 - n))
  const addWord = (register: number, from: number, end: number, shift: number) => {
    for (let i = from; i < end; i++) r[register] = at(register) + (key[i] ?? 0) * 2 ** (8 * (i - from) + shift)
  }

  let done = 0
  for (; key.length - done >= 12; done += 12) {
    for (let register = 0; register < 3; register++) addWord(register, done + 4 * register, done + 4 * register + 4, 0)
    for (const [step, n] of [4, 6, 8, 16, 19, 4].entries()) {
      const x = step % 3
      r[x] = (at(x) - at(x + 2)) ^ rotated(at(x + 2), n)
      r[(x + 2) % 3] = at(x + 2) + at(x + 1)
    }
  }
  const end = key.length
  addWord(0, done, Math.min(end, done + 4), 0)
  addWord(1, done + 4, Math.min(end, done + 8), 0)
  addWord(2, done + 8, end, 8)
  for (const [step, n] of [14, 11, 25, 16, 4, 14, 24].entries()) {
    const x = (step + 2) % 3
    r[x] = (at(x) ^ at(x + 2)) - rotated(at(x + 2), n)
  }
  return BigInt(at(1)) * 2n ** 32n + BigInt(at(2))
}

/** The fingerprint of rows given as texts. */
export function slowFingerprint(rows: readonly string[]): string {
  return (rows.reduce((sum, row) => sum + slowHash(row), 0n) % 2n ** 64n).toString()
}
