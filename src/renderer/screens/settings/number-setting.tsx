import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { inputLook } from '../../parts/field.tsx'

interface NumberSettingProps {
  label: string
  unit: string
  value: number
  /** what makes sense */
  schema: { safeParse: (value: unknown) => { success: boolean; data?: number | undefined } }
  onKeep: (value: number) => void
}

const settleMs = 600

/** A number; kept when it makes sense and the typing stops: whoever quits then has lost nothing. */
export function NumberSetting({ label, unit, value, schema, onKeep }: NumberSettingProps) {
  const [text, setText] = useState(String(value))
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // what somebody is typing is newer than what was kept of it
    if (document.activeElement !== input.current) setText(String(value))
  }, [value])
  const parsed = schema.safeParse(Number(text))
  const keep = useRef(() => {})
  useLayoutEffect(() => {
    keep.current = () => {
      if (parsed.success && parsed.data !== undefined && parsed.data !== value) onKeep(parsed.data)
    }
  })
  useEffect(() => {
    const timer = setTimeout(() => keep.current(), settleMs)
    return () => clearTimeout(timer)
  }, [text])
  // the whole screen may be left from within the field
  useEffect(() => () => keep.current(), [])
  function leave(): void {
    if (parsed.success) keep.current()
    else setText(String(value))
  }
  return (
    <label className="flex items-center gap-2">
      <span className="sr-only">{label}</span>
      <span className="w-20">
        <input
          ref={input}
          inputMode="numeric"
          value={text}
          aria-invalid={parsed.success ? undefined : true}
          onChange={(event) => setText(event.target.value)}
          onBlur={leave}
          onKeyDown={(event) => event.key === 'Enter' && leave()}
          className={`${inputLook} text-right`}
        />
      </span>
      <span className="text-ink-2">{unit}</span>
    </label>
  )
}
