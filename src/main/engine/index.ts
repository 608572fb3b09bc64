import { createEngine } from './engine.ts'
import { openPort } from './host/port.ts'
import { serve } from './host/serve.ts'

serve(
  openPort(),
  (options, keychain) => createEngine({ ...options, keychain, now: () => new Date() }),
  (code) => process.exit(code),
)
