import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

interface FoldProps {
  label: ReactNode
  children: ReactNode
  onOpenChange?: (open: boolean) => void
  defaultOpen?: boolean
}

/** What only a few want to read, behind a line. */
export function Fold({ label, children, onOpenChange, defaultOpen = false }: FoldProps) {
  return (
    <Collapsible.Root defaultOpen={defaultOpen} {...(onOpenChange ? { onOpenChange } : {})}>
      <Collapsible.Trigger className="group inline-flex items-center gap-1 rounded-[4px] text-sm text-ink-2 hover:text-ink-1">
        <ChevronRight
          size={14}
          aria-hidden
          className="transition-transform duration-100 group-data-[panel-open]:rotate-90"
        />
        {label}
      </Collapsible.Trigger>
      <Collapsible.Panel className="pt-2">{children}</Collapsible.Panel>
    </Collapsible.Root>
  )
}
