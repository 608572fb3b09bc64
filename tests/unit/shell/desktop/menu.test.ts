import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import { shellEvents } from '#shared/contract.ts'
import { menuTemplate } from '../../../../src/main/shell/desktop/menu.ts'
import { wordsOf } from '../../../../src/main/shell/words.ts'

function build(options: { mac: boolean; devTools?: boolean; language?: 'en' | 'zh-CN' }) {
  const commands: string[] = []
  const template = menuTemplate({
    words: wordsOf(options.language ?? 'en').menu,
    mac: options.mac,
    devTools: options.devTools ?? false,
    command: (name) => commands.push(name),
    openLogs: () => undefined,
    quit: () => commands.push('quit'),
  })
  return { items: template.flatMap(flat), commands }
}

function flat(item: MenuItemConstructorOptions): MenuItemConstructorOptions[] {
  return [item, ...(Array.isArray(item.submenu) ? item.submenu.flatMap(flat) : [])]
}

/** A click as Electron makes it; none of ours looks at what comes with it. */
function click(item: MenuItemConstructorOptions): void {
  if (item.click) Reflect.apply(item.click, undefined, [])
}

describe.each([true, false])('the menu (macOS: %s)', (mac) => {
  test('reaches every command of the contract', () => {
    const { items, commands } = build({ mac })
    items.filter((item) => item.accelerator).forEach(click)
    const expected = [...shellEvents.command.shape.name.options, 'quit']
    expect(commands.sort()).toEqual(expected.sort())
  })
  test('gives no shortcut twice', () => {
    const shortcuts = build({ mac, devTools: true }).items.flatMap((item) => item.accelerator ?? [])
    expect(new Set(shortcuts).size).toBe(shortcuts.length)
  })
  test('names everything in Chinese too', () => {
    const labels = build({ mac, language: 'zh-CN' }).items.flatMap((item) => item.label ?? [])
    for (const label of labels) if (label !== 'Lifeboat') expect(label).toMatch(/\p{Script=Han}/u)
  })
  test('has the tools of makers only for makers', () => {
    const roles = (devTools: boolean) => build({ mac, devTools }).items.map((item) => item.role)
    expect(roles(false)).not.toContain('toggleDevTools')
    expect(roles(false)).not.toContain('reload')
    expect(roles(true)).toContain('toggleDevTools')
  })
})
