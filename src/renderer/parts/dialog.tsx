import { Dialog as Base } from '@base-ui/react/dialog'
import { useEffect, type ReactNode, type RefObject } from 'react'
import { useModals } from '../stores/modals.ts'

interface DialogProps {
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  onClose: () => void
  wide?: boolean
  /** a click beside it does not close it: it asks something */
  insists?: boolean
  /** where the keyboard starts; without it at the first field */
  initialFocus?: RefObject<HTMLElement | null>
}

export function Dialog({
  title,
  description,
  children,
  onClose,
  wide = false,
  insists = false,
  initialFocus,
}: DialogProps) {
  useEffect(() => useModals.getState().enter(), [])
  return (
    <Base.Root open disablePointerDismissal={insists} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-[var(--scrim)]" />
        <Base.Popup
          // for the shortcuts: they wait while it is open
          data-modal
          {...(initialFocus ? { initialFocus } : {})}
          className={`float fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100vh-48px)] w-[calc(100vw-64px)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden ${wide ? 'max-w-160' : 'max-w-120'}`}
        >
          <div className="min-h-0 overflow-y-auto px-6 py-5">
            <Base.Title className="text-lg font-bold">{title}</Base.Title>
            {description && <Base.Description className="mt-1 text-ink-2">{description}</Base.Description>}
            <div className="mt-4">{children}</div>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** The row of buttons at a dialog's foot: in sight however long the dialog is. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="sticky -bottom-5 col-span-full -mx-6 mt-4 -mb-5 flex flex-wrap justify-end gap-2 bg-panel px-6 pt-3 pb-5">
      {children}
    </div>
  )
}
