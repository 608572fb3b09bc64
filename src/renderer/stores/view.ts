import { create } from 'zustand'

/** Where the operator is in the window. */
export type View =
  | { screen: 'overview' }
  | { screen: 'servers' }
  | { screen: 'add-server' }
  | { screen: 'server'; id: string }
  | { screen: 'copies' }
  | { screen: 'copy'; id: string }
  /** `jobId`: what this job has counted at the source */
  | { screen: 'compare'; copyId: string; jobId?: string }
  | { screen: 'browse'; sandboxId: string }
  | { screen: 'activity'; jobId?: string }
  /** a restore under way, or what came out of it */
  | { screen: 'verification'; jobId: string }
  | { screen: 'vault' }
  /** everything that is sealed of one database */
  | { screen: 'sealed'; server: string; label: string }
  | { screen: 'seal'; id: string }
  /** the older one is on the left */
  | { screen: 'seal-difference'; left: string; right: string }
  /** `at`: the setting that is looked for */
  | { screen: 'settings'; at?: SettingName }

export type SettingName = 'copiesDir' | 'ageLimit' | 'sandbox' | 'keepSandbox' | 'vaultIdle' | 'keychain' | 'doctor'

/** By which a setting is found in the page. */
export const settingId = (name: SettingName): string => `setting-${name}`

export type Section = 'overview' | 'servers' | 'copies' | 'vault' | 'activity' | 'settings'

interface ViewStore {
  view: View
  past: View[]
  paletteOpen: boolean
  go: (view: View) => void
  back: () => void
  openPalette: (open: boolean) => void
}

const remembered = 50

export const useView = create<ViewStore>((set) => ({
  view: { screen: 'overview' },
  past: [],
  paletteOpen: false,
  go: (view) => set((state) => ({ view, past: [...state.past, state.view].slice(-remembered), paletteOpen: false })),
  back: () =>
    set((state) => {
      const view = state.past.at(-1)
      return view ? { view, past: state.past.slice(0, -1) } : state
    }),
  openPalette: (paletteOpen) => set({ paletteOpen }),
}))

/** The entry of the navigation that a view belongs to. */
export function sectionOf(view: View): Section {
  switch (view.screen) {
    case 'overview':
    case 'servers':
    case 'copies':
    case 'vault':
    case 'activity':
    case 'settings':
      return view.screen
    case 'add-server':
    case 'server':
      return 'servers'
    case 'copy':
    case 'compare':
    case 'browse':
      return 'copies'
    case 'sealed':
    case 'seal':
    case 'seal-difference':
      return 'vault'
    case 'verification':
      return 'activity'
  }
}
