import type { SshTarget } from './target.ts'
export async function withConfig(target: SshTarget, _signal: AbortSignal): Promise<SshTarget> {
  return target
}
