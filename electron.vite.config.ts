import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Each of these is a program of its own: the window's process, the engine's, the terminal's, and the workers. */
const programs = {
  index: `${root}src/main/index.ts`,
  engine: `${root}src/main/engine/index.ts`,
  cli: `${root}src/main/cli/index.ts`,
  'dump-worker': `${root}src/main/engine/dump/dump-worker.ts`,
  'openpgp-worker': `${root}src/main/engine/openpgp/openpgp-worker.ts`,
  'slice-worker': `${root}src/main/engine/restore/slice-worker.ts`,
  'demo-worker': `${root}src/main/engine/demo/demo-worker.ts`,
  'demo-databases': `${root}src/main/engine/demo/databases-process.ts`,
}

// The oldest runtime that has to understand the bundle: Electron 33 has Node 20.18 and Chromium 130.
const oldestNode = 'node20.18'
const oldestChromium = 'chrome130'

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: oldestNode,
      sourcemap: true,
      // What `dependencies` names stays outside (native code, or files found at run time); the rest is bundled.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: {
        input: programs,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: oldestNode,
      sourcemap: true,
      // A sandboxed preload is one CommonJS file and can require nothing but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: `${root}src/preload/index.ts` },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: `${root}src/renderer`,
    plugins: [react(), tailwindcss()],
    build: {
      outDir: `${root}out/renderer`,
      target: oldestChromium,
      minify: true,
      // It is read from the disk, not fetched over a network.
      chunkSizeWarningLimit: 2_000,
      sourcemap: true,
      rolldownOptions: { input: { index: `${root}src/renderer/index.html` } },
    },
  },
})
