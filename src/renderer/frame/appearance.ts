import { useEffect } from 'react'
import { call } from '../bridge.ts'
import { useShellFacts } from '../stores/facts.ts'
import { useSettings } from '../stores/settings.ts'
import { speak } from '../words/i18n.ts'

const dark = '(prefers-color-scheme: dark)'

function paint(theme: 'system' | 'light' | 'dark'): void {
  const shown = theme === 'system' ? (matchMedia(dark).matches ? 'dark' : 'light') : theme
  document.documentElement.dataset['theme'] = shown
}

/** Keeps language and theme as the settings say, at once and without a restart. */
export function useAppearance(): void {
  const theme = useSettings((state) => state.value?.theme ?? null)
  const chosen = useSettings((state) => state.value?.language ?? null)
  const desktop = useShellFacts((state) => state.value?.desktopLanguage ?? null)
  const language = chosen === 'system' ? desktop : chosen

  useEffect(() => {
    paint(theme ?? 'system')
    // Before the settings are known nothing may be told to the shell: it remembers.
    if (theme !== null) void call('shell.setTheme', { theme }).catch(() => undefined)
    const system = matchMedia(dark)
    const repaint = (): void => paint(theme ?? 'system')
    system.addEventListener('change', repaint)
    return () => system.removeEventListener('change', repaint)
  }, [theme])

  useEffect(() => {
    if (language !== null) void speak(language)
  }, [language])
}
