import type { ReactNode } from 'react'
import { settingId, type SettingName } from '../../stores/view.ts'

interface SettingProps {
  title: string
  text?: ReactNode
  children?: ReactNode
  /** by which it is looked for */
  name?: SettingName
}

/** One setting: its name and what it means on the left, the control on the right. */
export function Setting({ title, text, children, name }: SettingProps) {
  return (
    <div
      {...(name && { id: settingId(name) })}
      className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t px-4.5 py-3 first:border-t-0"
    >
      <div className="min-w-60 flex-1">
        <p className="font-semibold">{title}</p>
        {text && <p className="text-sm break-words text-ink-2">{text}</p>}
      </div>
      {children}
    </div>
  )
}
