import { useTranslation } from 'react-i18next'
import { strengths, type Strength } from './strength.ts'
import { useStrength } from './use-strength.ts'

const fills: Record<Strength, string> = {
  minute: 'bg-damaged',
  day: 'bg-damaged',
  year: 'bg-care',
  century: 'bg-accent',
  beyond: 'bg-accent',
}

/** How long guessing takes, as five steps and in words. */
export function StrengthBar({ passphrase }: { passphrase: string }) {
  const { t } = useTranslation()
  const strength = useStrength(passphrase)
  const level = strength === null ? 0 : strengths.indexOf(strength) + 1
  return (
    <div className="flex flex-col gap-1.5">
      <div aria-hidden className="flex gap-1">
        {strengths.map((each, index) => (
          <span
            key={each}
            className={`h-1 flex-1 rounded-full ${strength !== null && index < level ? fills[strength] : 'bg-proof-0'}`}
          />
        ))}
      </div>
      <p role="status" className="min-h-5 text-sm text-ink-2">
        {strength === null ? t('prompt.strengthHint') : t(`prompt.strength.${strength}`)}
      </p>
    </div>
  )
}
