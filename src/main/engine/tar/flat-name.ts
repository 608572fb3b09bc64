const longest = 255
/** Windows keeps these for devices, with any ending. */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.|$)/i

/**
 * Why a name is none that every system can write into one folder; null when it is. As the end of a sentence:
 * `a file whose name leads out of the folder`.
 */
export function whyNoFlatName(name: string): string | null {
  if (name === '') return 'is empty'
  if (name === '.' || name === '..' || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(name)) return 'leads out of the folder'
  if (/[/\\]/.test(name)) return 'leads into another folder'
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) return 'holds invisible characters'
  if (/[<>:"|?*]/.test(name) || /[. ]$/.test(name) || device.test(name)) return 'is none on every system'
  if (Buffer.byteLength(name) > longest) return `is longer than ${longest} bytes`
  return null
}
