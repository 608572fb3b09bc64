/** The major version in what a dump says of its server, `17.6 (Debian 17.6-1)`; null when it is not known. */
export function majorOf(version: string | null): number | null {
  const major = /^\d+/.exec(version ?? '')?.[0]
  return major === undefined ? null : Number(major)
}
