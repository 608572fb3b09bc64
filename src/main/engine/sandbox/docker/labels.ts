import { parseOwnership, type Ownership } from '../owned.ts'

/** Every container and volume of ours carries it, with the sandbox's id. */
export const sandboxLabel = 'app.lifeboat.sandbox'
/** Whose it is, as JSON. */
export const ownerLabel = 'app.lifeboat.owner'

export function labels(id: string, owner: Ownership): string[] {
  return ['--label', `${sandboxLabel}=${id}`, '--label', `${ownerLabel}=${JSON.stringify(owner)}`]
}

/** Reads lines of `NAME<tab>OWNER`, as the sweep asks for them. */
export function parseOwned(output: string): { name: string; owner: Ownership | null }[] {
  return output.split('\n').flatMap((line) => {
    const [name, owner = ''] = line.trim().split('\t')
    return name ? [{ name, owner: parseOwnership(owner) }] : []
  })
}
