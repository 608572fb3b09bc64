import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Little enough to be used again while the processor still has it at hand. */
const collectEveryBytes = 8 * 1024 * 1024

/**
 * Each packet of SSH is decrypted into memory of its own, which hangs on a small object. V8 collects small objects when
 * there are many of them, which takes a gigabyte; until then it answers the pressure by marking the whole heap, 16 times
 * a gigabyte. Asked in time it looks at the youngest objects alone, which takes less than a millisecond.
 * @returns to be told how many bytes have come in
 */
export function packetMemory(): (bytes: number) => void {
  const collect = youngCollection()
  let since = 0
  return (bytes) => {
    since += bytes
    if (since < collectEveryBytes) return
    since = 0
    collect()
  }
}

let found: (() => void) | undefined

/** V8's own collection of what is young; one that does nothing where it can not be had. */
function youngCollection(): () => void {
  if (found) return found
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('globalThis.gc')
  found = typeof gc === 'function' ? () => void Reflect.apply(gc, undefined, [{ type: 'minor' }]) : () => {}
  return found
}
