// Compiles rows.ts to WebAssembly and keeps the bytes as text in the reader's folder, so that sources and bundle load them alike.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const here = fileURLToPath(new URL('.', import.meta.url))
const target = fileURLToPath(new URL('../src/main/engine/dump/row-kernel-bytes.ts', import.meta.url))

/** The compiled module as base64. */
export async function compile() {
  let binary = null
  const { error, stderr } = await asc.main(
    [
      here + 'rows.ts',
      '--outFile',
      'rows.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--noExportMemory',
      '--enable',
      'simd',
    ],
    {
      writeFile: (name, contents) => {
        if (name === 'rows.wasm') binary = contents
      },
    },
  )
  if (error || !binary) throw new Error(`${error ?? 'no output'}\n${stderr}`.slice(0, 3000))
  return Buffer.from(binary).toString('base64')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = await compile()
  writeFileSync(
    target,
    `// Made from assembly/rows.ts by assembly/build.mjs; a test compiles it again and compares.\nexport const rowKernelBytes =\n  '${base64}'\n`,
  )
  console.log(`${base64.length} characters`)
}
