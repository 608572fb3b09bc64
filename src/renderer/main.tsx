import './jitless.ts'
import { createRoot } from 'react-dom/client'
import { call } from './bridge.ts'
import { App } from './frame/app.tsx'
import { startWords } from './words/i18n.ts'
import './styles/index.css'

const root = document.getElementById('root')
if (root) {
  // The settings are the engine's, which may still be starting: the shell remembers the language of last time.
  const remembered = await call('shell.facts', {}).catch(() => null)
  await startWords(remembered?.language ?? 'en')
  createRoot(root).render(<App />)
}
