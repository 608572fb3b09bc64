import type { FailureKind } from '#shared/failure.ts'

/**
 * What the terminal says of each failure in Chinese: the window's words, but for those that name a place in the window.
 */
export const failuresChinese: Record<FailureKind, { title: string; remedy: string }> = {
  unreachable: { title: '无法连接服务器', remedy: '请确认服务器已开机、主机与端口正确，且当前网络允许 SSH。' },
  'host-key-unknown': { title: '主机密钥未知', remedy: '请将指纹与服务商或服务器本身显示的进行比对，一致后再接受。' },
  'host-key-changed': {
    title: '主机密钥已改变',
    remedy:
      '请勿继续。先查明改变的原因；确认之后，才移除旧密钥并重新测试：在服务器页面，或运行 `lifeboat server unpin 名称`。',
  },
  'login-refused': {
    title: '服务器拒绝登录',
    remedy: '请检查用户、密钥和密码。公钥须写在该用户的 ~/.ssh/authorized_keys 中。',
  },
  'key-file': { title: '密钥文件无法使用', remedy: '请指定一个您有权读取的 OpenSSH 或 PEM 格式私钥。' },
  'answer-needed': { title: '有问题未得到回答', remedy: '请在有人能够回答问题的地方重新运行。' },
  'connection-lost': { title: '连接中断', remedy: '请重试。未传完的内容没有留作副本。' },
  stalled: { title: '线路长时间没有响应', remedy: '请检查网络和服务器负载，然后重试。' },
  'ssh-protocol': { title: '无法与此服务器安全通信', remedy: '它不支持当今认为安全的算法，请升级它的 OpenSSH。' },
  'remote-command': { title: '服务器上的命令失败', remedy: '请看详细信息，那是服务器的回答。' },
  'tool-missing': { title: '服务器上缺少程序', remedy: '请在服务器上安装，或更正其路径。' },
  'docker-refused': {
    title: 'Docker 拒绝该用户',
    remedy: '请在服务器上把用户加入 docker 组（usermod -aG docker USER），然后重新登录。',
  },
  'docker-stopped': {
    title: '服务器上的 Docker 没有运行',
    remedy: '请在服务器上启动 Docker（systemctl start docker），并设为开机启动（systemctl enable docker）。',
  },
  'database-not-found': { title: '找不到数据库', remedy: '请启动它，或更正服务、容器和数据库名。' },
  'database-refused': { title: '数据库拒绝访问', remedy: '请检查数据库用户及其权限；pg_dump 必须能读取每张表。' },
  'remote-disk-full': { title: '服务器磁盘已满', remedy: '请在服务器上腾出空间。' },
  'backup-vanished': { title: '服务器上的备份已不在', remedy: '服务器已将它轮换掉，请改为拉取最新的备份。' },
  'backup-growing': { title: '备份仍在写入', remedy: '请稍后再拉取。' },
  'backup-changed': { title: '服务器上的备份已改变', remedy: '它不再是开始拉取时的文件，请从头拉取。' },
  'hash-differs': { title: '收到的与服务器上的不一致', remedy: '请重新拉取。' },
  'folder-missing': { title: '备份文件夹不存在', remedy: '请更正服务器上备份文件夹的路径。' },
  'dump-failed': { title: 'pg_dump 失败', remedy: '请看详细信息中 pg_dump 的说明，在服务器上修复后重试。' },
  'dump-cut': { title: '转储没有结尾', remedy: '没有留下任何内容，请重试。' },
  'dump-damaged': { title: '转储无法读到结尾', remedy: '没有留下任何内容，请重试。' },
  'dump-refused': {
    title: '此文件不可安全载入',
    remedy: '它含有 pg_dump 从不写入的命令。请勿在任何地方载入，并查明其来历。',
  },
  'disk-full': { title: '这台电脑的磁盘已满', remedy: '请腾出空间，或为副本另选文件夹。' },
  'disk-failed': { title: '这台电脑的磁盘出错', remedy: '磁盘拒绝读写。在信任它保存副本之前，请先检查。' },
  'folder-refused': { title: '文件夹无法写入', remedy: '请为副本选择一个您有权写入的文件夹。' },
  'copy-missing': { title: '副本文件不见了', remedy: '请放回该文件，或从列表中删除这份副本并重新备份。' },
  'copy-changed': { title: '副本文件已被改动', remedy: '请勿依赖这份副本，重新备份一份。' },
  'name-taken': { title: '名称已被使用', remedy: '请换一个名称。' },
  'catalogue-busy': { title: '目录正忙', remedy: '另一个程序占用了它。请关闭那个程序后重试。' },
  'catalogue-corrupt': { title: '目录已损坏', remedy: '请运行 `lifeboat catalogue rebuild`：副本和清单都不会改动。' },
  'keychain-absent': { title: '没有安全的存放之处', remedy: '此系统没有可用的钥匙串，每次都会询问您。' },
  'engine-stopped': { title: '引擎已停止', remedy: '可以重新启动。当时运行的任务会显示为已中断。' },
  'sandbox-missing': { title: '没有可用的沙箱', remedy: '请启动本机的 Docker，或在设置中选择内置 PostgreSQL。' },
  'sandbox-lost': { title: '沙箱中途消失', remedy: '它在中途结束，对该副本没有下任何结论；请重新验证。' },
  'sandbox-full': { title: '沙箱空间不足', remedy: '请在本机腾出空间，然后重新验证。' },
  'query-slow': { title: '耗时过长', remedy: '请按有索引的列排序，或去掉排序或某个筛选条件。' },
  'query-refused': { title: 'PostgreSQL 无法读取此内容', remedy: '详情中有 PostgreSQL 给出的原因。其他表仍可读取。' },
  'reading-closed': { title: '该表已不再打开', remedy: '请重新读取该表。' },
  'passphrase-wrong': {
    title: '口令不正确',
    remedy: '请输入这份封存的口令。没有口令，任何人都打不开，Lifeboat 也没有别的办法。',
  },
  'passphrase-refused': { title: '不能使用这个口令', remedy: '请换一个：几个词组成的口令容易输入，也难以猜到。' },
  'seal-damaged': { title: '封存已损坏', remedy: '没有写出任何文件。请打开更早的封存，并重新封存服务器上的文件。' },
  'seal-refused': {
    title: '归档中有不允许的内容',
    remedy: '没有写出任何文件。请查清是谁制作了这份归档；`gpg -d 文件 | tar tvzf -` 可列出其中的内容。',
  },
  'seal-key': { title: '这里没有私钥', remedy: '请在存有私钥的电脑上打开，或插入存有私钥的智能卡；那里需要安装 gpg。' },
  'env-missing': { title: '文件不存在', remedy: '请在数据库设置中改正 .env 文件的路径。' },
  'env-unreadable': {
    title: '没有读取文件的权限',
    remedy: '请允许该用户读取文件（chgrp、chmod g+r），或为此服务器启用 sudo。',
  },
  'sudo-refused': {
    title: 'sudo 被拒绝',
    remedy: '请允许该用户免密码通过 sudo 运行 sftp-server 和 sh，或为此服务器关闭 sudo。',
  },
  'env-changed': { title: '文件在此期间发生了变化', remedy: '请在没有人写入该文件时再试一次。' },
  'put-unsure': {
    title: '不清楚是否已写入',
    remedy: '再次放回之前，请先查看服务器上的这个文件。之前的内容在最新的封存里。',
  },
  'gpg-failed': { title: 'gpg 没有成功', remedy: '请查看详情中 gpg 的说明；可在终端尝试 gpg -d 文件。' },
  'not-found': { title: '找不到', remedy: '请在列表中查看正确的名称。' },
  'invalid-input': { title: '有一项内容不合适', remedy: '请更正所指出的内容。' },
  'wrong-usage': { title: '不能这样操作', remedy: '请看 `lifeboat --help`。' },
  'in-use': { title: '有其他任务正在使用它', remedy: '请等待运行中的任务结束，或将其取消。' },
  'not-checkable': { title: '无法在此检查', remedy: '所需条件请看上面的说明。' },
  cancelled: { title: '已取消', remedy: '可随时重新开始。' },
  bug: { title: '发生了意外', remedy: '这是 Lifeboat 的缺陷，日志有助于修复。' },
  'sftp-noise': {
    title: '登录脚本的输出混入了 SFTP',
    remedy:
      '请让服务器上的 shell 启动文件（.bashrc 等）只在交互式 shell 中输出，或在 sshd_config 中设置“Subsystem sftp internal-sftp”。',
  },
}
