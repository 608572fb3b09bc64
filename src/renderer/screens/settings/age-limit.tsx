import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { settingsSchema } from '#shared/settings.ts'
import { changeSettings } from '../../actions/settings.ts'
import { inputLook } from '../../parts/field.tsx'

const limits = settingsSchema.shape.ageLimitHours

/** Hours; kept as soon as it is a value that makes sense and the field is left. */
export function AgeLimit({ hours }: { hours: number }) {
  const { t } = useTranslation()
  const [text, setText] = useState(String(hours))
  useEffect(() => setText(String(hours)), [hours])
  const parsed = limits.safeParse(Number(text))
  function keep(): void {
    if (!parsed.success) setText(String(hours))
    else if (parsed.data !== hours) void changeSettings({ ageLimitHours: parsed.data })
  }
  return (
    <label className="flex items-center gap-2">
      <span className="sr-only">{t('settings.ageLimit')}</span>
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
      <span className="text-ink-2">{t('settings.hours')}</span>
    </label>
  )
}
