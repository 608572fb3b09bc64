import { createGunzip } from 'node:zlib'
import type { Decompressor, DecompressorSink } from './compression.ts'
import { STEP, ZlibDriver } from './zlib-stream.ts'

/**
 * Takes gzip off: one member or several behind each other. Node passes over what follows the last member when that
 * begins with a zero byte; here every byte of the file must have been used.
 */
export function createGunzipper(sink: DecompressorSink): Decompressor {
  let plain = 0
  let failed = false
  const driver = new ZlibDriver(createGunzip({ chunkSize: STEP }), (bytes) => {
    plain += bytes.length
    sink.out(bytes)
  })

  const conclude = async () => {
    if (failed) return
    const { error, used } = await driver.end()
    if (error) {
      failed = true
      sink.fault(...explain(error, plain))
    } else if (used < driver.given) {
      failed = true
      sink.fault('trailing-data', `${driver.given - used} bytes follow the end of the gzip data, or more`)
    }
  }

  return {
    async write(chunk) {
      if (failed) return
      await driver.write(chunk)
      if (driver.done) await conclude()
    },
    end: conclude,
    checksummed: () => true,
    destroy: () => driver.destroy(),
  }
}

function explain(error: NodeJS.ErrnoException, plain: number): Parameters<DecompressorSink['fault']> {
  if (error.code === 'Z_BUF_ERROR') return ['cut', 'the gzip data ends before its end']
  if (error.message === 'incorrect header check' && plain > 0) {
    return ['trailing-data', 'bytes that are not gzip follow the gzip data']
  }
  return ['bad-compression', `the gzip data is damaged: ${error.message}`]
}
