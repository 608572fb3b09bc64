import { useEffect, useState } from 'react'
import { inputLook } from '../../parts/field.tsx'

interface NumberSettingProps {
  label: string
  unit: string
  value: number
  /** what makes sense */
  schema: { safeParse: (value: unknown) => { success: boolean; data?: number | undefined } }
  onKeep: (value: number) => void
}

/** A number; kept as soon as it is a value that makes sense and the field is left. */
export function NumberSetting({ label, unit, value, schema, onKeep }: NumberSettingProps) {
  const [text, setText] = useState(String(value))
  useEffect(() => setText(String(value)), [value])
  const parsed = schema.safeParse(Number(text))
  function keep(): void {
    if (!parsed.success || parsed.data === undefined) setText(String(value))
    else if (parsed.data !== value) onKeep(parsed.data)
  }
  return (
    <label className="flex items-center gap-2">
      <span className="sr-only">{label}</span>
      <span className="w-20">
        <input
          inputMode="numeric"
          value={text}
          aria-invalid={parsed.success ? undefined : true}
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => event.key === 'Enter' && keep()}
          className={`${inputLook} text-right`}
        />
      </span>
      <span className="text-ink-2">{unit}</span>
    </label>
  )
}
