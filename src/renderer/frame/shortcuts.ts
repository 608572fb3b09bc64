import { useEffect } from 'react'
import { on } from '../bridge.ts'
import { lockVault } from '../actions/vault.ts'
import { useView, type View } from '../stores/view.ts'

const onMac = navigator.userAgent.includes('Mac OS')
/** A shortcut as this system writes it. */
export const modified = (key: string): string => (onMac ? `⌘${key}` : `Ctrl ${key}`)
export const paletteKeys = modified('K')

const digits: Record<string, View> = {
  '1': { screen: 'overview' },
  '2': { screen: 'servers' },
  '3': { screen: 'copies' },
  '4': { screen: 'vault' },
  '5': { screen: 'activity' },
  ',': { screen: 'settings' },
}

/** The keys that work everywhere, and the items of the menu. */
export function useShortcuts(): void {
  useEffect(() => {
    const { go, back, openPalette } = useView.getState()
    function onKey(event: KeyboardEvent): void {
      const command = onMac ? event.metaKey : event.ctrlKey
      const view = digits[event.key]
      if (command && event.key.toLowerCase() === 'k') openPalette(true)
      else if (command && event.key.toLowerCase() === 'l' && !event.shiftKey && !event.altKey) lockVault()
      else if (command && view && !event.shiftKey && !event.altKey) go(view)
      else if (event.altKey && event.key === 'ArrowLeft') back()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    const end = on('command', ({ name }) => {
      if (name === 'palette') openPalette(true)
      else if (name === 'lock-vault') lockVault()
      else go({ screen: name })
    })
    return () => {
      window.removeEventListener('keydown', onKey)
      end()
    }
  }, [])
}
