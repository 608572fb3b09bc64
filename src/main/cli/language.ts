import { failureKinds, remedies, type FailureKind } from '#shared/failure.ts'
import type { Outcome, Rung } from '#shared/proof.ts'
import { failuresChinese } from './failures-chinese.ts'

const rungsEnglish: Record<Rung, string> = {
  stored: 'stored',
  readable: 'readable',
  restored: 'restored',
  exact: 'exact',
  rehearsed: 'rehearsed',
}
const outcomesEnglish: Record<Outcome, string> = { proven: 'proven', damaged: 'DAMAGED', 'not-checked': 'not checked' }

/** What the terminal says, in English. Messages of failures are the engine's own, in every language. */
export const english = {
  rung: rungsEnglish,
  outcome: outcomesEnglish,
  check: { proven: 'ok', failed: 'FAILED', 'not-checked': 'not checked' },
  noServers: 'No servers yet. Add one with: lifeboat server add NAME --host HOST',
  noDatabases: 'No databases yet. `lifeboat server test NAME` shows what a server has.',
  noCopies: 'No copies yet. Take one with: lifeboat backup SERVER/LABEL',
  noSeals: 'Nothing is sealed yet. Seal the .env files of a database with: lifeboat vault seal SERVER/LABEL',
  sealed: (file: string) => `Sealed as ${file}`,
  sealKind: { passphrase: 'passphrase', keys: 'keys', unknown: 'UNKNOWN' },
  sealChanged: 'CHANGED SINCE, it will not open',
  namesUnknown: '(not opened yet)',
  noDifference: 'No difference.',
  differsOtherwise: 'comments, order or quotes differ',
  onlyIn: { left: 'only in the first', right: 'only in the second' },
  asSealed: 'The server has what is sealed.',
  onlySealed: { left: 'gone from the server', right: 'not sealed' },
  noPins: 'No host key was accepted here. Keys of your known_hosts are used as well.',
  expectsKey: (fingerprint: string) => `expected by --host-key, where none is accepted: ${fingerprint}`,
  reachedAt: (address: string, way: string | null) => {
    if (way === null) return `${address} (accepted when no way was kept)`
    return way === '' ? address : `${address} via ${way}`
  },
  keyUnknown: (at: string) => `The key of ${at} is not known yet.`,
  keysKnown: (types: string) => `Known for this host: ${types}`,
  confirmKey: 'Type yes when this is the fingerprint you expect: ',
  confirmUnpin: 'Type yes when you know why the key has changed: ',
  unpinned: 'Now look at the key that the server shows: lifeboat server test NAME',
  noJobs: 'Nothing has run yet.',
  nothingNew: 'Nothing new: every backup of the server is already here.',
  newestDamaged: 'Nothing new: the newest backup of the server is already here, and it is damaged.',
  added: (name: string) => `Added ${name}.`,
  removed: (name: string) => `Removed ${name}.`,
  kept: (file: string) => `Kept as ${file}`,
  tables: (tables: number, rows: string) => `${tables} tables, ${rows} rows`,
  neverTried: {
    stored: triedBy('check'),
    readable: triedBy('check'),
    restored: triedBy('verify'),
    exact: triedBy('verify'),
    rehearsed: () => 'not tried in this version',
  } satisfies Record<Rung, (id: string) => string>,
  rebuilt: (copies: number) => `The catalogue was rebuilt from ${copies} manifests.`,
  demoFolder: (folder: string) => `This was a trial. Its copies are in ${folder}`,
  found: 'Databases found there; add one with:',
  took: (seconds: string) => `took ${seconds} s`,
  rows: 'rows',
  failure: (_kind: FailureKind, message: string) => message,
  /** a remedy of the engine; one that was made for the case has no other words than its own */
  remedy: (remedy: string) => remedy,
}

export const chinese: typeof english = {
  rung: { stored: '已保存', readable: '可读', restored: '已恢复', exact: '一致', rehearsed: '已演练' },
  outcome: { proven: '已证明', damaged: '已损坏', 'not-checked': '未检查' },
  check: { proven: '正常', failed: '失败', 'not-checked': '未检查' },
  noServers: '还没有服务器。添加：lifeboat server add 名称 --host 主机',
  noDatabases: '还没有数据库。用 lifeboat server test 名称 查看服务器上有什么。',
  noCopies: '还没有异地副本。立即备份：lifeboat backup 服务器/标签',
  noSeals: '还没有封存。封存数据库的 .env 文件：lifeboat vault seal 服务器/标签',
  sealed: (file) => `已封存为 ${file}`,
  sealKind: { passphrase: '口令', keys: '密钥', unknown: '无法识别' },
  sealChanged: '封存后被改动，无法打开',
  namesUnknown: '（尚未打开）',
  noDifference: '没有差异。',
  differsOtherwise: '注释、顺序或引号不同',
  onlyIn: { left: '仅在前一份中', right: '仅在后一份中' },
  asSealed: '服务器上的内容与封存的一致。',
  onlySealed: { left: '服务器上已不存在', right: '尚未封存' },
  noPins: '这里还没有接受过主机密钥。您的 known_hosts 中的密钥同样有效。',
  expectsKey: (fingerprint) => `没有已接受的密钥时，由 --host-key 指定：${fingerprint}`,
  reachedAt: (address, way) => {
    if (way === null) return `${address}（接受时未记录路径）`
    return way === '' ? address : `${address}（经由 ${way}）`
  },
  keyUnknown: (at) => `${at} 的主机密钥尚未知晓。`,
  keysKnown: (types) => `此主机已知的密钥类型：${types}`,
  confirmKey: '如果这正是您预期的指纹，请输入 yes：',
  confirmUnpin: '如果您知道密钥改变的原因，请输入 yes：',
  unpinned: '接下来查看服务器出示的密钥：lifeboat server test 名称',
  noJobs: '还没有运行过任务。',
  nothingNew: '没有新的备份：服务器上的备份都已在本机。',
  newestDamaged: '没有新的备份：服务器上最新的备份已在本机，但它已损坏。',
  added: (name) => `已添加 ${name}。`,
  removed: (name) => `已移除 ${name}。`,
  kept: (file) => `已保存为 ${file}`,
  tables: (tables, rows) => `${tables} 张表，${rows} 行`,
  neverTried: {
    stored: triedByChinese('check'),
    readable: triedByChinese('check'),
    restored: triedByChinese('verify'),
    exact: triedByChinese('verify'),
    rehearsed: () => '此版本尚未尝试',
  },
  rebuilt: (copies) => `已根据 ${copies} 份清单重建目录。`,
  demoFolder: (folder) => `这是一次试用，副本位于 ${folder}`,
  found: '在服务器上找到以下数据库，可这样添加：',
  took: (seconds) => `用时 ${seconds} 秒`,
  rows: '行',
  failure: (kind, message) => `${failuresChinese[kind].title}：${message}`,
  remedy: (remedy) => {
    const kind = failureKinds.find((each) => remedies[each].remedy === remedy)
    return kind === undefined ? remedy : failuresChinese[kind].remedy
  },
}

export function wordsIn(locale: 'en' | 'zh-CN'): typeof english {
  return locale === 'zh-CN' ? chinese : english
}

/** Of a rung that nobody has tried yet: the command that does. */
function triedBy(word: 'check' | 'verify'): (id: string) => string {
  return (id) => `never tried; to try it: lifeboat ${word} ${id}`
}

function triedByChinese(word: 'check' | 'verify'): (id: string) => string {
  return (id) => `从未尝试；可运行：lifeboat ${word} ${id}`
}
