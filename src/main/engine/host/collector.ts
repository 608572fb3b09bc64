import { setFlagsFromString } from 'node:v8'

/**
 * A transfer decrypts each packet of SSH into new memory, and V8 starts to mark the whole heap again whenever the heap and
 * such memory together are half as large again: 50 times for a gigabyte, a tenth of all its time. The engine's own heap
 * is some 20 MB, so that five times that before the next marking still is little.
 */
export function collectLessOften(): void {
  setFlagsFromString('--heap-growing-percent=400')
}
