import { createZstdDecompress } from 'node:zlib'
import type { Decompressor, DecompressorSink } from './compression.ts'
import { STEP, ZlibDriver } from './zlib-stream.ts'
import { FRAME_MAGIC, ZstdFrames } from './zstd-frames.ts'

/** Takes zstd off: one frame or several, each decompressed on its own, so that nothing between or behind them is missed. */
export function createUnzstd(sink: DecompressorSink): Decompressor {
  const frames = new ZstdFrames()
  let driver: ZlibDriver | null = null
  let failed = false

  const fault: DecompressorSink['fault'] = (kind, detail) => {
    failed = true
    driver?.destroy()
    driver = null
    sink.fault(kind, detail)
  }

  const endFrame = async () => {
    const ending = driver
    driver = null
    const end = await ending?.end()
    if (end?.error) fault('bad-compression', `the zstd data is damaged: ${end.error.message}`)
  }

  const feed = async (bytes: Uint8Array, ends: boolean) => {
    await driver?.write(bytes)
    // It may have failed on these bytes already.
    if (ends || driver?.done) await endFrame()
  }

  return {
    async write(chunk) {
      if (failed) return
      for (const stretch of frames.split(chunk)) {
        switch (stretch.kind) {
          case 'frame':
            await feed(chunk.subarray(stretch.from, stretch.to), stretch.ends)
            break
          case 'open':
            driver = new ZlibDriver(createZstdDecompress({ chunkSize: STEP }), sink.out)
            await driver.write(FRAME_MAGIC)
            break
          case 'junk':
            fault('trailing-data', 'bytes that are not zstd follow the zstd data')
            break
          case 'window':
            fault('unsupported-compression', `the zstd data asks for a window of ${stretch.bytes} bytes`)
            break
        }
        if (failed) return
      }
    },
    async end() {
      if (failed) return
      if (frames.open === 'other bytes') fault('trailing-data', 'bytes that are not zstd follow the zstd data')
      else if (frames.open === 'a frame') {
        // What was decompressed up to the cut is still on its way.
        await driver?.end()
        fault('cut', 'the zstd data ends before its end')
      }
    },
    checksummed: () => frames.checked === frames.frames,
    destroy: () => driver?.destroy(),
  }
}
