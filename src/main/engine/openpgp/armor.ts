const beginning = '-----BEGIN PGP'

/**
 * The bytes of a message that stands in armor, as `gpg -a` writes it; the bytes themselves where it does not. Takes a begin
 * that is cut, and proves nothing: it is for a look at the packets.
 */
export function withoutArmor(bytes: Buffer): Buffer {
  if (!isArmored(bytes)) return bytes
  // a line that begins it, lines of headers, an empty one; the base64 ends before its padding or its sum
  const [, body] =
    /^[^\n]*\n(?:[^\n:]+:[^\n]*\n)*[ \t\r]*\n([A-Za-z0-9+/\s]*)/.exec(
      bytes.toString('latin1', bytes.indexOf(beginning)),
    ) ?? []
  return Buffer.from(body ?? '', 'base64')
}

/** Whether it begins like armor. */
export function isArmored(bytes: Buffer): boolean {
  return bytes.subarray(0, 64).includes(beginning)
}
