/** The part of Electron's clipboard that is needed. */
export interface Clipboard {
  readText(): string | Promise<string>
  writeText(text: string): void | Promise<void>
  clear(): void
}

export const clearAfterSeconds = 30

/** A secret on the clipboard: taken off again after a while, unless the operator has copied something else since. */
export interface SecretClipboard {
  put(secret: string): Promise<void>
  /** takes it off at once */
  clear(): Promise<void>
}

export function secretClipboard(clipboard: Clipboard): SecretClipboard {
  let held: string | null = null
  let timer: NodeJS.Timeout | undefined
  const clear = async (): Promise<void> => {
    clearTimeout(timer)
    const secret = held
    held = null
    if (secret !== null && (await clipboard.readText()) === secret) clipboard.clear()
  }
  return {
    async put(secret) {
      clearTimeout(timer)
      held = secret
      await clipboard.writeText(secret)
      timer = setTimeout(() => void clear(), clearAfterSeconds * 1000)
    },
    clear,
  }
}
