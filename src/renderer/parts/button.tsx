import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { LoaderCircle } from 'lucide-react'

type Variant = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Record<Variant, string> = {
  primary: 'bg-accent text-accent-ink border-transparent font-semibold hover:bg-accent-hover',
  plain: 'bg-panel text-ink-1 border-line hover:bg-hover hover:border-rail',
  quiet: 'bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink-1',
  danger: 'bg-panel text-damaged border-line hover:bg-damaged-soft hover:border-damaged',
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  ref?: Ref<HTMLButtonElement>
  variant?: Variant
  small?: boolean
  /** it was pressed and is not done */
  busy?: boolean
  icon?: ReactNode
}

export function Button({
  variant = 'plain',
  small = false,
  busy = false,
  icon,
  children,
  className,
  ...rest
}: ButtonProps) {
  const size = small ? 'h-7 px-2.5 text-sm' : 'h-8 px-3'
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      {...rest}
      disabled={rest.disabled || busy}
      className={`inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border whitespace-nowrap transition-colors duration-100 disabled:pointer-events-none disabled:opacity-55 ${size} ${looks[variant]} ${className ?? ''}`}
    >
      {busy ? <LoaderCircle size={14} aria-hidden className="animate-turn" /> : icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string
}

/** A button that is only a picture: its name is read aloud and shown on hovering. */
export function IconButton({ label, children, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-flex size-7 shrink-0 items-center justify-center rounded-control text-ink-2 transition-colors duration-100 hover:bg-hover hover:text-ink-1 disabled:opacity-40 ${className ?? ''}`}
    >
      {children}
    </button>
  )
}
