import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { onTestFinished } from 'vitest'

function run(...command: [string, ...string[]]): string {
  const [program, ...args] = command
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`)
  return stderr
}

/** Why no disk of its own can be had for a test; null when it can. */
export function whyNoMounts(): string | null {
  if (process.platform !== 'linux') return 'only Linux has tmpfs'
  return process.getuid?.() === 0 ? null : 'only root may mount'
}

/** A small disk in memory that goes with the test. */
export function smallDisk(dir: string, kilobytes: number): { grow(kilobytes: number): void; readOnly(): void } {
  mkdirSync(dir, { recursive: true })
  run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'lifeboat-test', dir)
  onTestFinished(() => void spawnSync('umount', ['-l', dir]))
  return {
    grow: (size) => void run('mount', '-o', `remount,size=${size}k`, dir),
    readOnly: () => void run('mount', '-o', 'remount,ro', dir),
  }
}
