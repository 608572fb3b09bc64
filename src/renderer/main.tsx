import './jitless.ts'
import { createRoot } from 'react-dom/client'
import { App } from './frame/app.tsx'
import { languageFor, startWords } from './words/i18n.ts'
import './styles/index.css'

const root = document.getElementById('root')
if (root) {
  await startWords(languageFor('system', navigator.language))
  createRoot(root).render(<App />)
}
