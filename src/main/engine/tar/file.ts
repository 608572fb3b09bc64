/** One regular file of an archive. */
export type TarFile = {
  readonly name: string
  /** permission bits, as in chmod */
  readonly mode: number
  readonly modifiedAt: Date
  readonly content: Uint8Array
}
