import { Select as Base } from '@base-ui/react/select'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Check, ChevronDown } from 'lucide-react'
import { useId } from 'react'
import { inputLook } from './field.tsx'
import { LabelTag } from './label.tsx'

export interface Choice<V extends string> {
  value: V
  label: string
  /** of a database: shown behind it in its colour */
  tag?: string
}

interface SelectProps<V extends string> {
  label: string
  choices: readonly Choice<V>[]
  value: V
  onChange: (value: V) => void
  /** the label is read aloud, not drawn */
  silent?: boolean
  className?: string
}

export function Select<V extends string>({
  label,
  choices,
  value,
  onChange,
  silent = false,
  className,
}: SelectProps<V>) {
  const id = useId()
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className ?? ''}`}>
      <span id={id} className={silent ? 'sr-only' : 'text-sm text-ink-2'}>
        {label}
      </span>
      <Base.Root items={[...choices]} value={value} onValueChange={(next) => next !== null && onChange(next)}>
        <Base.Trigger aria-labelledby={id} className={`${inputLook} flex items-center justify-between gap-2 text-left`}>
          <Base.Value className="min-w-0 truncate">
            <ChoiceText choice={choices.find((choice) => choice.value === value)} />
          </Base.Value>
          <Base.Icon>
            <ChevronDown size={14} className="text-ink-3" aria-hidden />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-60">
            <Base.Popup className="float max-h-80 min-w-[var(--anchor-width)] overflow-y-auto p-1 outline-none">
              {choices.map((choice) => (
                <Base.Item
                  key={choice.value}
                  value={choice.value}
                  className="flex h-8 items-center gap-2 rounded-[4px] pr-3 pl-2 outline-none data-[highlighted]:bg-selected"
                >
                  <span className="w-4">
                    <Base.ItemIndicator>
                      <Check size={14} aria-hidden />
                    </Base.ItemIndicator>
                  </span>
                  <Base.ItemText className="whitespace-nowrap">
                    <ChoiceText choice={choice} />
                  </Base.ItemText>
                </Base.Item>
              ))}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </div>
  )
}

function ChoiceText({ choice }: { choice: Choice<string> | undefined }) {
  if (choice?.tag === undefined) return choice?.label
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <span className="min-w-0 truncate">{choice.label}</span>
      <LabelTag label={choice.tag} />
    </span>
  )
}

/** A few choices side by side, one of them taken. */
export function Segments<V extends string>({ label, choices, value, onChange, silent = false }: SelectProps<V>) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <span id={id} className={silent ? 'sr-only' : 'text-sm text-ink-2'}>
        {label}
      </span>
      <RadioGroup
        aria-labelledby={id}
        value={value}
        onValueChange={(next) => onChange(next)}
        className="inline-flex w-fit gap-0.5 rounded-control border bg-sunken p-0.5"
      >
        {choices.map((choice) => (
          <Radio.Root
            key={choice.value}
            value={choice.value}
            render={<button type="button" />}
            nativeButton
            className="h-6.5 rounded-[4px] border border-transparent px-3 text-sm whitespace-nowrap text-ink-2 hover:text-ink-1 data-[checked]:border-line data-[checked]:bg-panel data-[checked]:font-semibold data-[checked]:text-ink-1"
          >
            {choice.tag === undefined ? choice.label : <LabelTag label={choice.tag} />}
          </Radio.Root>
        ))}
      </RadioGroup>
    </div>
  )
}
