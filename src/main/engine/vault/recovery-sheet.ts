import { dirname, join } from 'node:path'
import { printable } from '#shared/name.ts'
import type { FoundSeal } from './list.ts'
import { sealEnding } from './names.ts'

type Sheet = { readonly copiesDir: string; readonly seals: readonly FoundSeal[]; readonly at: Date }

/** A page to print and to lay away, apart from the computer: what a person needs who has the seals and no Lifeboat. */
export function recoverySheet(language: 'en' | 'zh-CN', sheet: Sheet): string {
  return `${(language === 'en' ? english : chinese)(sheet).join('\n')}\n`
}

const line = '______________________________________________'

function english({ copiesDir, seals, at }: Sheet): string[] {
  return [
    'RECOVERY SHEET OF THE VAULT',
    `Printed: ${at.toISOString().slice(0, 10)}`,
    '',
    'Without the passphrase, or the secret key, nobody can open these seals: not Lifeboat, and not its makers.',
    'Write it down by hand, and keep this page where fire and thieves do not find it together with the computer.',
    '',
    `Passphrase: ${line}`,
    '',
    `            ${line}`,
    '',
    'The seals lie in:',
    ...placesOf(seals, copiesDir),
    '',
    'To open one on any computer with GnuPG, in a new empty folder:',
    '    gpg -d FILE.tar.gz.gpg > env.tar.gz && tar xzf env.tar.gz && rm env.tar.gz',
    'Look at what gpg says before you use a file: "decryption failed" or a warning means that it was changed.',
    ...keysOf(seals).map((id) => `A secret key that opens seals (keep a backup of it too): ${id}`),
  ]
}

function chinese({ copiesDir, seals, at }: Sheet): string[] {
  return [
    '保险库恢复单',
    `打印日期：${at.toISOString().slice(0, 10)}`,
    '',
    '没有口令或私钥，任何人都打不开这些封存：Lifeboat 不能，它的作者也不能。',
    '请手写口令，并把这页纸存放在不会与电脑一同失火或失窃的地方。',
    '',
    `口令：${line}`,
    '',
    `      ${line}`,
    '',
    '封存所在位置：',
    ...placesOf(seals, copiesDir),
    '',
    '在任何装有 GnuPG 的电脑上，于一个新的空文件夹中打开：',
    '    gpg -d 文件.tar.gz.gpg > env.tar.gz && tar xzf env.tar.gz && rm env.tar.gz',
    '使用文件之前先看 gpg 的提示：出现 "decryption failed" 或警告，说明文件被改动过。',
    ...keysOf(seals).map((id) => `可打开封存的私钥（也请备份）：${id}`),
  ]
}

/** Where they lie in truth: a folder keeps the name that it was made with. Where there are none yet: where they will. */
function placesOf(seals: readonly FoundSeal[], copiesDir: string): string[] {
  const places = seals.map(({ file }) => join(dirname(file), `*${sealEnding.exec(file)?.[0] ?? ''}`))
  return [...new Set(places.length > 0 ? places : [copiesDir])].sort().map((place) => `    ${printable(place)}`)
}

function keysOf(seals: readonly FoundSeal[]): string[] {
  return [...new Set(seals.flatMap(({ recipients }) => recipients))].sort()
}
