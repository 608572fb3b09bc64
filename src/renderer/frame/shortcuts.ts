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

type Command = { kind: 'palette' } | { kind: 'lock' } | { kind: 'back' } | { kind: 'go'; view: View }
type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What a key asks for; null for one that is none of ours. `inField`: somebody types, and moves by words with Alt. */
export function commandOf(keys: Keys, mac: boolean, inField: boolean): Command | null {
  const { key, altKey, shiftKey } = keys
  const alone = !altKey && !shiftKey
  const letter = key.toLowerCase()
  if (mac ? keys.metaKey : keys.ctrlKey) {
    const view = digits[key]
    if (letter === 'k') return { kind: 'palette' }
    if (letter === 'l' && alone) return { kind: 'lock' }
    if (mac && key === '[' && alone) return { kind: 'back' }
    return view && alone ? { kind: 'go', view } : null
  }
  return !mac && altKey && key === 'ArrowLeft' && !inField ? { kind: 'back' } : null
}

function perform(command: Command): void {
  // Behind a question nothing moves: what was typed into it, or what it is about, would be gone. Locking is always right.
  if (command.kind === 'lock') return lockVault()
  if (document.querySelector('[data-modal]')) return undefined
  const { go, back, openPalette } = useView.getState()
  switch (command.kind) {
    case 'palette':
      return openPalette(true)
    case 'back':
      return back()
    case 'go':
      return go(command.view)
  }
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

/** The keys that work everywhere, and the items of the menu. */
export function useShortcuts(): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const command = commandOf(event, onMac, isField(event.target))
      if (!command) return
      perform(command)
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    const end = on('command', ({ name }) => {
      if (name === 'palette') perform({ kind: 'palette' })
      else if (name === 'lock-vault') perform({ kind: 'lock' })
      else perform({ kind: 'go', view: { screen: name } })
    })
    return () => {
      window.removeEventListener('keydown', onKey)
      end()
    }
  }, [])
}
