import { fileURLToPath } from 'node:url'
import { startShell } from './shell/start-shell.ts'

const part = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// As seen from out/main/index.js.
startShell({
  page: part('../renderer'),
  preload: part('../preload/index.cjs'),
  engine: part('./engine.js'),
  resources: part('../../resources'),
})
