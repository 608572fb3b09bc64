import type { ReadmeWords, Recipe } from './readme.ts'

const states: Record<Recipe['state'], string> = {
  good: 'Lifeboat 已把这份副本从头读到尾，内容完整。',
  unproven: '未检查：Lifeboat 还没有证明这份副本能读到结尾。',
  damaged: '已损坏：已知这份副本有问题，而且没有完好的副本。只能用来抢救还能读出的部分。',
}

export const chinese: ReadmeWords = {
  intro: [
    '如何手工恢复这些副本',
    '',
    '只有在手边没有 Lifeboat 时才需要看这份说明。需要准备 Docker；文件名以 .zst 结尾时还需要 zstd 程序。',
    '在本文件所在的文件夹里打开终端（bash），找到自己的数据库，按顺序逐步执行；哪一步报错，就停在哪一步。',
    '',
    '两条规矩：',
    '  - 转储只能导入全新的空数据库。导入到已有表的数据库里，实际上什么也恢复不了，而且可能看不到任何错误。',
    '  - 转储被截断时 psql 不会发现。文件是否完整，要看第 1 步。',
  ],
  none: '这个文件夹里还没有副本。',
  recipe: (recipe) => [
    `---- ${recipe.title} ----`,
    `应使用的最新副本：${recipe.file}`,
    `取得时间：${recipe.takenAt}（UTC）${recipe.serverVersion === null ? '' : `，来自 PostgreSQL ${recipe.serverVersion}`}`,
    states[recipe.state],
    ...(recipe.newerIsDamaged ? ['还有一份更新的副本，但它已损坏，请不要使用。'] : []),
    '',
    '1. 文件还是当初保存的那个吗？必须显示 OK（中文系统显示“成功”）。',
    `     ${recipe.verify}`,
    '   （在 Mac 上用 shasum -a 256 -c - 代替 sha256sum -c -）',
    '2. 启动一个新的 PostgreSQL，等它可以连接。',
    `     ${recipe.start}`,
    '     until docker exec lifeboat-restore pg_isready -q -h 127.0.0.1; do sleep 1; done',
    ...roleLines(recipe),
    '4. 新建一个空数据库。',
    '     docker exec lifeboat-restore createdb -U postgres -T template0 restored',
    '5. 把转储导入进去。最后一行必须是：all loaded',
    '     set -o pipefail',
    `     ${recipe.load} && echo all loaded`,
    '   如果中途停下：先解决它报的问题，删掉只导入了一半的数据库（docker exec lifeboat-restore dropdb -U postgres',
    '   restored），再从第 4 步继续。例如事件触发器的所有者必须是超级用户，要在导入之前设好：',
    '   ALTER ROLE "角色名" SUPERUSER;',
    ...settingLines(recipe),
  ],
  outro: [
    '恢复到正在使用的服务器',
    '',
    '步骤相同：先停掉应用，在旧数据库旁边新建一个空数据库，把转储导入，看过数据没有问题，再交换两者的名字：',
    '     ALTER DATABASE app RENAME TO app_before;  ALTER DATABASE restored RENAME TO app;',
    '在确认一切正常之前保留旧数据库。如果用的是 Compose，先用 `docker compose ps -q 服务名` 找到容器，',
    '再像上面那样使用 `docker exec -i`。',
    '',
    '每个文件旁边的 .manifest.json 记录了它的来源、每张表的行数，以及已经证明过的内容。',
    '',
    '.env 文件',
    '',
    '名为 env_backup_*.tar.gz.gpg 的文件是封存。有 GnuPG 和口令（或封存时所用公钥对应的私钥），即可在一个新的空文件夹中打开：',
    '    umask 077 && gpg -d FILE > env.tar.gz && tar xzf env.tar.gz && rm env.tar.gz',
    '如果 gpg 发出警告或失败，不要使用其中任何内容：文件被改动过。请用更早的一份。',
  ],
}

function roleLines({ roles, superusers, extensions }: Recipe): string[] {
  return [
    '3. 转储需要、但自身不包含的东西。',
    ...(roles === null
      ? ['   除 postgres 外不需要其他角色。']
      : ['   角色（不含密码，请另设新密码）：', `     ${roles}`]),
    ...(superusers ? ['   SUPERUSER：该角色拥有事件触发器，只有超级用户才可以，源服务器上也是如此。'] : []),
    ...(extensions.length === 0 ? [] : [`   服务器上必须装有这些扩展：${extensions.join('、')}`]),
  ]
}

function settingLines({ settings }: Recipe): string[] {
  if (settings === null) return ['6. 未能从源服务器读到数据库和角色的设置；如有可能，请到源服务器上查看。']
  if (settings.length === 0) return []
  return [
    '6. 源服务器上另有这些设置（ALTER DATABASE 或 ALTER ROLE ... SET），请重新设置：',
    ...settings.map((setting) => `     ${setting}`),
  ]
}
