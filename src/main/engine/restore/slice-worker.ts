import { open } from 'node:fs/promises'
import { parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { compressionOf, createDecompressor, MAGIC_BYTES } from '../dump/compression.ts'
import { Text } from '../dump/text.ts'
import { Packer } from './packer.ts'
import type { FromSlicer, SlicerStart } from './slice-protocol.ts'
import { Slicer } from './slicer.ts'

const CHUNK = 512 * 1024
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** Reads the file once more and sends its data in buffers. The thread stands still while none is free. */
async function serve({ path, ranges, encodings, port, given }: SlicerStart): Promise<void> {
  const counter = new Int32Array(given)
  let fileBytes = 0
  const say = (message: FromSlicer, moved: ArrayBuffer[] = []) => port.postMessage(message, moved)
  const take = (): ArrayBuffer => {
    while (true) {
      const seen = Atomics.load(counter, 0)
      const free = receiveMessageOnPort(port) as { message: ArrayBuffer } | undefined
      if (free) return free.message
      Atomics.wait(counter, 0, seen)
    }
  }
  const packer = new Packer(ranges, take, (buffer, parts) => say({ kind: 'parts', buffer, parts, fileBytes }, [buffer]))
  const slicer = new Slicer(ranges, encodings, packer)
  const text = new Text(slicer)
  const out = withoutMark((bytes) => {
    if (!slicer.over) text.push(bytes)
  })
  await readFile(
    path,
    out,
    (bytes) => (fileBytes = bytes),
    () => slicer.over,
  )
  text.finish()
  if (!slicer.over) throw new Error('the dump has become shorter')
  packer.flush()
  say({ kind: 'end' })
}

async function readFile(
  path: string,
  out: (bytes: Uint8Array) => void,
  report: (bytes: number) => void,
  over: () => boolean,
): Promise<void> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(MAGIC_BYTES)
    const { bytesRead } = await file.read(head, 0, MAGIC_BYTES, 0)
    const fault = (_kind: string, detail: string): never => {
      throw new Error(`the dump can no longer be read: ${detail}`)
    }
    const decompressor = createDecompressor(compressionOf(head.subarray(0, bytesRead)), { out, fault })
    if (!decompressor) throw new Error('a compression that can not be taken off')
    let at = 0
    while (!over()) {
      const chunk = Buffer.allocUnsafe(CHUNK)
      const read = await file.read(chunk, 0, CHUNK, at)
      if (read.bytesRead === 0) break
      at += read.bytesRead
      report(at)
      await decompressor.write(chunk.subarray(0, read.bytesRead))
    }
    if (!over()) await decompressor.end()
    decompressor.destroy()
  } finally {
    await file.close()
  }
}

/** Leaves out a byte order mark at the very beginning. */
function withoutMark(out: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
  let head: Buffer | null = Buffer.alloc(0)
  return (bytes) => {
    if (head === null) {
      out(bytes)
      return
    }
    head = Buffer.concat([head, bytes])
    if (head.length < BYTE_ORDER_MARK.length) return
    const marked = BYTE_ORDER_MARK.every((byte, i) => head?.[i] === byte)
    const rest = head.subarray(marked ? BYTE_ORDER_MARK.length : 0)
    head = null
    out(rest)
  }
}

// The only one that starts it is startSlices, with exactly this. What is thrown ends the thread, and is heard there.
parentPort?.once('message', (start: SlicerStart) => {
  void serve(start).catch((error: unknown) => {
    process.nextTick(() => {
      throw error
    })
  })
})
