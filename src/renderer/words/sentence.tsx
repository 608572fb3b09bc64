import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ParseKeys } from 'i18next'

interface SentenceProps {
  k: ParseKeys
  /** what stands at each {{name}}; text that came from elsewhere is safe here, it is never read as markup */
  values?: Record<string, ReactNode>
  count?: number
}

/** A sentence of the locale with elements, such as bold figures, in its places. */
export function Sentence({ k, values = {}, count }: SentenceProps): ReactNode {
  const { t } = useTranslation()
  const template: string = t(k, { skipInterpolation: true, ...(count === undefined ? {} : { count }) })
  return (
    <>
      {template.split(/\{\{\s*(\w+)[^}]*\}\}/).map((part, index) => (
        <Fragment key={index}>{index % 2 === 0 ? part : values[part]}</Fragment>
      ))}
    </>
  )
}
