import type { Settings } from '#shared/settings.ts'

export type Language = 'en' | 'zh-CN'

/**
 * The language to speak: what the settings name, else the desktop's, as far as it is one of ours.
 * @param preferred the desktop's languages, BCP 47, the best one first
 */
export function chooseLanguage(setting: Settings['language'], preferred: readonly string[]): Language {
  if (setting !== 'system') return setting
  const first = preferred.find((tag) => /^(en|zh)\b/i.test(tag))
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en'
}
