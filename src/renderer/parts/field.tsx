import { Checkbox as Base } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import { useId, type InputHTMLAttributes, type ReactNode } from 'react'

interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  /** beside the input: a button that fills it */
  beside?: ReactNode
  /** paths, commands, keys */
  code?: boolean
}

export const inputLook =
  'h-8 w-full min-w-0 rounded-control border border-line-strong/60 bg-panel px-2.5 text-ink-1 hover:border-line-strong disabled:opacity-55 aria-invalid:border-damaged'

export function TextField({ label, hint, error, beside, code = false, className, ...input }: TextFieldProps) {
  const id = useId()
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className ?? ''}`}>
      <label htmlFor={id} className="text-sm text-ink-2">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          type="text"
          spellCheck={false}
          autoComplete="off"
          {...input}
          aria-invalid={error ? true : undefined}
          aria-describedby={hint || error ? `${id}-about` : undefined}
          className={`${inputLook} ${code ? 'font-mono text-sm' : ''}`}
        />
        {beside}
      </div>
      {(error || hint) && (
        <p id={`${id}-about`} className={`text-xs ${error ? 'text-damaged' : 'text-ink-3'}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

interface CheckboxProps {
  label: ReactNode
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  /** the label is read aloud, not drawn */
  silent?: boolean
}

export function Checkbox({ label, checked, onChange, disabled = false, silent = false }: CheckboxProps) {
  return (
    <label className="inline-flex items-center gap-2">
      <Base.Root
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        className="flex size-4 shrink-0 items-center justify-center rounded-[4px] border border-line-strong bg-panel data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:opacity-50"
      >
        <Base.Indicator>
          <Check size={12} strokeWidth={3} className="text-accent-ink" aria-hidden />
        </Base.Indicator>
      </Base.Root>
      <span className={silent ? 'sr-only' : ''}>{label}</span>
    </label>
  )
}
