import { useTranslation } from 'react-i18next'
import type { ObjectCount } from '#shared/verification.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useFormat } from '../../words/format.ts'
import { objectKindWords } from './object-words.ts'

/** Objects by kind: how many the dump creates, how many are there, how many of those are valid. */
export function Objects({ objects }: { objects: readonly ObjectCount[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (objects.length === 0) return null
  return (
    <section aria-labelledby="objects-title" className="min-w-0">
      <h2 id="objects-title" className="mb-2 text-lg font-bold">
        {t('verify.objects')}
      </h2>
      <div className="rounded-panel border bg-panel">
        <table className="w-full">
          <thead className="text-sm text-ink-3">
            <tr className="row-line h-9">
              <th className="px-4.5 text-left font-normal">{t('verify.kind')}</th>
              <th className="px-2 text-right font-normal">{t('verify.expected')}</th>
              <th className="px-2 text-right font-normal">{t('verify.present')}</th>
              <th className="px-2 text-right font-normal">{t('verify.valid')}</th>
              <th className="w-10">
                <span className="sr-only">{t('verify.outcome')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {objects.map((object) => (
              <tr key={object.kind} className="h-8 border-t first:border-t-0">
                <td className="px-4.5">{objectKindWords(object.kind, t)}</td>
                <td className="px-2 text-right">{format.number(object.expected)}</td>
                <td className={`px-2 text-right ${object.present < object.expected ? 'font-semibold text-care' : ''}`}>
                  {format.number(object.present)}
                </td>
                <td className={`px-2 text-right ${object.valid < object.present ? 'font-semibold text-care' : ''}`}>
                  {format.number(object.valid)}
                </td>
                <td className="pr-4">
                  <ObjectMark object={object} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** A kind that is short is not called damaged here: the findings say whether it is, or could not be had in this sandbox. */
function ObjectMark({ object }: { object: ObjectCount }) {
  const { t } = useTranslation()
  const whole = object.present >= object.expected && object.valid >= object.present
  return (
    <span className="flex justify-end">
      <OutcomeMark outcome={whole ? 'proven' : 'care'} size={13} />
      <span className="sr-only">{t(whole ? 'verify.allThere' : 'verify.notAllThere')}</span>
    </span>
  )
}
