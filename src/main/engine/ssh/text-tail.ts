/** Keeps the last `limit` bytes of an error stream, without what the login shell printed before our marker. */
export function textTail(limit: number, marker: string): { add(chunk: Buffer): void; text(): string } {
  let kept: Buffer = Buffer.alloc(0)
  let dropped = 0
  const line = `${marker}\n`
  return {
    add(chunk) {
      kept = Buffer.concat([kept, chunk])
      const start = kept.indexOf(line)
      if (start >= 0) {
        kept = kept.subarray(start + line.length)
        dropped = 0
      }
      if (kept.length <= limit) return
      dropped += kept.length - limit
      kept = kept.subarray(kept.length - limit)
    },
    text() {
      const text = kept.toString('utf8')
      return dropped > 0 ? `… (${dropped} bytes before this)\n${text}` : text
    },
  }
}
