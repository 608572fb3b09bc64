import { once } from 'node:events'
import { access } from 'node:fs/promises'

/**
 * Says `ready`, and goes on when a line comes in: by then a tracer is attached. Brings the worker thread up first, whose
 * calls are counted.
 */
export async function untilWord(folder: string): Promise<void> {
  await access(folder)
  process.stdout.write('ready\n')
  await once(process.stdin, 'data')
  process.stdin.destroy()
}
