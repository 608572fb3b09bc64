/** Longest noise before our marker that is put up with; a start file that prints more is broken or hostile. */
export const noiseLimit = 1024 * 1024

export type MarkerSkip = {
  /** true once the marker has been seen: everything after it is the command's own */
  readonly found: boolean
  /** What of this chunk belongs to the command. Throws a RangeError when the noise has no end. */
  pass(chunk: Buffer): Buffer
  /** the noise so far, for messages */
  noise(): string
}

const nothing = Buffer.alloc(0)

/** Drops everything up to and including the line that is the marker, wherever the chunks are cut. */
export function skipToMarker(marker: string): MarkerSkip {
  const line = Buffer.from(`${marker}\n`)
  let held: Buffer = nothing
  let found = false
  return {
    get found() {
      return found
    },
    pass(chunk) {
      if (found) return chunk
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const at = held.indexOf(line)
      if (at >= 0) {
        const rest = held.subarray(at + line.length)
        found = true
        held = nothing
        return rest
      }
      if (held.length > noiseLimit) throw new RangeError('no end to what the login shell prints')
      return nothing
    },
    noise: () => held.toString('utf8', 0, 2000),
  }
}
