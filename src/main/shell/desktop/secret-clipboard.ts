/** The part of Electron's clipboard that is needed. */
export interface Clipboard {
  readText(): string | Promise<string>
  writeText(text: string): void | Promise<void>
  clear(): void
}

export const clearAfterSeconds = 30

/** Another program may have the clipboard open for a moment: it is then read as empty, or not at all. */
const tries = 5
const againAfterMs = 200

/** A secret on the clipboard: taken off again after a while, unless the operator has copied something else since. */
export interface SecretClipboard {
  put(secret: string): Promise<void>
  /** takes it off at once; fails where that could not be done, and goes on trying */
  clear(): Promise<void>
}

export function secretClipboard(clipboard: Clipboard): SecretClipboard {
  let held: string | null = null
  let timer: NodeJS.Timeout | undefined
  const letGo = (secret: string): void => {
    if (held === secret) held = null
  }
  /** False: nothing could be read, so it may be there still. */
  const takeOff = async (secret: string): Promise<boolean> => {
    const text = await clipboard.readText()
    if (text === secret) clipboard.clear()
    return text !== ''
  }
  const clear = async (): Promise<void> => {
    clearTimeout(timer)
    const secret = held
    if (secret === null) return
    let refused: unknown = null
    for (let tried = 0; tried < tries && held === secret; tried += 1) {
      if (tried > 0) await new Promise((resolve) => setTimeout(resolve, againAfterMs))
      try {
        refused = null
        if (await takeOff(secret)) return letGo(secret)
      } catch (error) {
        refused = error
      }
    }
    // empty to the last: somebody emptied it, or copied a picture
    if (refused === null || held !== secret) return letGo(secret)
    clearLater()
    throw new Error('the clipboard could not be read', { cause: refused })
  }
  const clearLater = (): void => {
    timer = setTimeout(() => void clear().catch(() => {}), clearAfterSeconds * 1000)
  }
  return {
    async put(secret) {
      clearTimeout(timer)
      held = secret
      await clipboard.writeText(secret)
      clearLater()
    },
    clear,
  }
}
