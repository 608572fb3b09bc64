import type { JobKind } from '#shared/job.ts'
import type { Words } from './words-en.ts'

const work: Record<JobKind, string> = {
  backup: '备份',
  pull: '拉取',
  check: '检查',
  test: '连接测试',
  rebuild: '重建目录',
  verify: '验证',
  compare: '比较',
  seal: '封存',
  drift: '与服务器比较',
  put: '放回文件',
}

export const zh: Words = {
  cancel: '取消',
  ok: '好',
  unknownTime: '时间未知',

  title: (running) => (running === 0 ? 'Lifeboat' : `Lifeboat – ${running} 个任务正在运行`),
  tray: {
    idle: 'Lifeboat – 没有任务在运行',
    stopped: 'Lifeboat – 引擎已停止',
    open: '打开 Lifeboat',
    quit: '退出 Lifeboat',
  },

  menu: {
    file: '文件',
    addServer: '添加服务器…',
    settings: '设置…',
    quit: '退出 Lifeboat',
    close: '关闭窗口',
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    view: '显示',
    overview: '总览',
    servers: '服务器',
    copies: '异地副本',
    vault: '保险库',
    activity: '任务',
    lockVault: '锁定保险库',
    palette: '命令面板…',
    zoomIn: '放大',
    zoomOut: '缩小',
    zoomReset: '实际大小',
    fullScreen: '全屏',
    reload: '重新载入',
    devTools: '开发者工具',
    window: '窗口',
    minimise: '最小化',
    help: '帮助',
    logs: '打开日志',
    about: '关于 Lifeboat',
    hide: '隐藏 Lifeboat',
    hideOthers: '隐藏其他',
    showAll: '全部显示',
  },

  notice: {
    done: (kind, subject) => `${subject}：${work[kind]}已完成`,
    failed: (kind, subject) => `${subject}：${work[kind]}失败`,
    interrupted: (kind, subject) => `${subject}：${work[kind]}被中断`,
    damaged: (subject) => `${subject}：有一个副本已损坏`,
    proven: '已从头读到尾：完整、可读。',
    notChecked: '未能检查到底。',
    restored: '已还原，内容完整。',
    nothingNew: '没有新的备份可拉取。',
    sealed: '文件已封存。',
    written: '文件已在服务器上。原来的文件已封存。',
    fileDamaged: (subject) => `${subject}：文件已损坏`,
    seeWhere: '打开 Lifeboat 查看损坏的位置。',
    seeResult: '打开 Lifeboat 查看结果。',
    nothingKept: '没有留下副本。',
    waits: 'Lifeboat 正在等待你的回答',
    asks: {
      hostKey: (server) => `这真的是 ${server} 吗？它的主机密钥尚不认识。`,
      password: (server) => `${server} 需要密码。`,
      'key-passphrase': (server) => `用于 ${server} 的密钥需要口令。`,
      'keyboard-interactive': (server) => `${server} 有问题要你回答。`,
      'vault-passphrase': (server) => `${server} 的封存需要口令。`,
      'new-vault-passphrase': (server) => `要封存 ${server} 的文件，需要为保险库设置口令。`,
    },
    perhapsWritten: '服务器上可能是旧文件，也可能是新文件。重新开始之前，请先查看服务器。',
  },

  quit: {
    message: (running) => `还有 ${running} 个任务正在运行`,
    detail: {
      quit: (subjects) => `${subjects}\n\n退出 Lifeboat 会取消这些任务。不会留下不完整的副本；以前的副本都保持原样。`,
      restart: (subjects) => `${subjects}\n\n重启引擎会取消这些任务。不会留下不完整的副本；以前的副本都保持原样。`,
    },
    keep: '继续运行',
    quit: '取消任务并退出',
    restart: '取消任务并重启',
  },

  crash: {
    message: '窗口曾意外停止，现已重新打开',
    detail: '正在运行的任务不受影响：它们在单独的进程里工作。',
    again: '窗口多次意外停止',
    againDetail: '详情见日志。只要 Lifeboat 没有退出，正在运行的任务就会继续。',
    reload: '重新打开',
    quit: '退出 Lifeboat',
  },
  unresponsive: {
    message: '窗口没有响应',
    detail: '无论如何，正在运行的任务都会继续。',
    wait: '等待',
    reload: '重新打开窗口',
  },

  confirm: {
    server: {
      message: (name) => `从 Lifeboat 移除服务器“${name}”？`,
      detail: (address, databases) =>
        [
          address,
          databases.length > 0 ? `它的数据库会一并移除：${databases.join('、')}。` : '这里没有登记它的数据库。',
          '已有的异地副本仍保留在本机。服务器上不会有任何改动。',
        ].join('\n'),
      button: '移除服务器',
    },
    database: {
      message: (server, label) => `移除服务器“${server}”的数据库“${label}”？`,
      detail: (dbname) =>
        `PostgreSQL 数据库：${dbname}\nLifeboat 将不再知道如何备份它。已有的异地副本仍保留在本机。服务器上不会有任何改动。`,
      button: '移除数据库',
    },
    copy: {
      message: (server, label, taken) => `删除服务器“${server}”的“${label}”在 ${taken} 的异地副本？`,
      detail: (file, size, others, proven) =>
        [
          `${file}（${size}）`,
          others === 0
            ? '这是本机上该数据库唯一的副本。'
            : `本机上还有该数据库的其他副本 ${others} 个，其中 ${proven} 个已证明可读。`,
          '文件将被删除，无法恢复。',
        ].join('\n'),
      button: '删除副本',
    },
    pin: {
      at: (address, way) => {
        if (way === null) return `${address}（接受时未记录路径）`
        return way === '' ? address : `${address}（经由 ${way}）`
      },
      message: (host, servers) =>
        servers.length === 0
          ? `移除 ${host} 的主机密钥？`
          : `移除 ${host} 的主机密钥（登录服务器“${servers.join('”、“')}”时核对）？`,
      detail: (type, fingerprint) =>
        `${type} ${fingerprint ?? ''}\n下次连接时会显示服务器出示的密钥并询问。只有在你清楚密钥为什么改变时才这样做。`,
      button: '移除密钥',
    },
    put: {
      message: (server, path) => `在服务器“${server}”上写入 ${path}？`,
      detail: (file, sealed) =>
        `内容为 ${sealed} 封存的 ${file}。服务器上现有的文件会先封存。程序在下次启动时才会读取它。`,
      button: '写入服务器',
    },
    open: {
      message: (server, label) => `把服务器“${server}”上“${label}”的封存文件写出到文件夹？`,
      detail: (folder, files) =>
        `文件夹：${folder}\n${files.length === 0 ? '封存中的全部文件。' : files.join('、')}\n其中的值将以明文写出，只有你能读取。那里已有的文件不会被覆盖。`,
      button: '写出文件',
    },
    export: {
      message: (server, label) => `以明文写出服务器“${server}”上“${label}”的机密？`,
      detail: (folder) =>
        `文件夹：${folder}\n任何能读取该文件的人都会得到全部内容。导入后请立即删除：包括回收站、备份和同步文件夹中的副本。`,
      button: '以明文写出',
    },
    forget: {
      vaultPassphrase: {
        message: () => '在本机上忘记保险库的口令？',
        detail:
          '用它封存的内容，在你再次输入口令之前都无法打开。如果你没有把它另外保存好（打印的恢复单或密码管理器），任何人都无法再打开这些封存。',
      },
      vaultPrints: {
        message: () => '忘记用来比较 .env 文件的密钥？',
        detail: '以后要把现有的封存与服务器比较，就需要再次输入口令。除此之外不会丢失任何内容。',
      },
      passphrase: {
        message: (subject) => `忘记密钥 ${subject} 的口令？`,
        detail: '下次用这把密钥连接时会再次询问。',
      },
      password: {
        message: (subject) => `忘记“${subject}”的密码？`,
        detail: '下次连接时会再次询问。',
      },
      button: '忘记',
    },
    demo: {
      message: (name) => `移除演示服务器“${name}”？`,
      detail:
        '演示服务器将停止，并连同它的数据库一起从 Lifeboat 移除。它的异地副本仍保留在本机。你自己的服务器不受影响。',
      button: '移除演示服务器',
    },
  },

  choose: {
    publicKey: '选择公钥',
    env: '选择要封存的文件',
    folder: '选择文件夹',
    key: '选择私钥',
    dump: '选择转储文件',
    dumpFiles: '转储文件',
    allFiles: '所有文件',
  },
}
