// The house's own lint rules, as a plugin for oxlint: `house/rows` and `house/clock`.
import { dirname, relative, resolve, sep } from 'node:path'
import { roomOf, whyNotPackage, whyNotRoom } from './rows.mjs'

/** The subpath imports of package.json, below src/. */
const ALIASES = /** @type {const} */ ([
  ['#shared/', 'shared/'],
  ['#engine/', 'main/engine/'],
])

/**
 * @typedef {{ value?: unknown }} Literal
 * @typedef {{ source: Literal | null, importKind?: string, exportKind?: string, specifiers?: { importKind?: string }[] }} ImportNode
 * @typedef {{ filename: string, report: (found: { node: any, message: string }) => void }} Context
 */

const rows = {
  /** @param {Context} context */
  create(context) {
    const below = context.filename.split(`${sep}src${sep}`)
    const root = below.slice(0, -1).join(`${sep}src${sep}`)
    const from = below.length > 1 ? roomOf(toSlashes(below.at(-1) ?? '')) : null
    if (from === null) return {}

    /** @param {Literal | null} source @param {boolean} typeOnly */
    const check = (source, typeOnly) => {
      if (source === null || typeof source.value !== 'string') return
      const target = targetOf(source.value, context.filename, resolve(root, 'src'))
      const why =
        target.kind === 'package' ? whyNotPackage(from, source.value) : whyNotRoom(from, roomOf(target.path), typeOnly)
      if (why !== null) context.report({ node: source, message: why })
    }
    return {
      /** @param {ImportNode} node */
      ImportDeclaration: (node) => check(node.source, node.importKind === 'type'),
      /** @param {ImportNode} node */
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      /** @param {ImportNode} node */
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      /** @param {ImportNode} node */
      ImportExpression: (node) => check(node.source, false),
      // `import('…').Name` in the place of a type.
      /** @param {ImportNode} node */
      TSImportType: (node) => check(node.source, true),
    }
  },
}

/** In the domain time is a value that is passed in, so that every rule about it can be tested at any hour. */
const clock = {
  /** @param {Context} context */
  create(context) {
    const message = 'pass the clock in (now: () => Date): the domain reads no clock of its own'
    const isDate = (/** @type {any} */ node) => node.type === 'Identifier' && node.name === 'Date'
    return {
      /** @param {any} node */
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0) context.report({ node, message })
      },
      /** @param {any} node */
      CallExpression(node) {
        if (isDate(node.callee)) context.report({ node, message })
      },
      // Not the call alone: `const now = Date.now` reads the clock as well.
      /** @param {any} node */
      MemberExpression(node) {
        if (isDate(node.object) && node.property.name === 'now') context.report({ node, message })
      },
    }
  },
}

/**
 * What an import means: a package, or a path below src/.
 * @param {string} specifier
 * @param {string} importer
 * @param {string} src
 * @returns {{ kind: 'package' } | { kind: 'file', path: string }}
 */
function targetOf(specifier, importer, src) {
  for (const [alias, folder] of ALIASES)
    if (specifier.startsWith(alias)) return { kind: 'file', path: folder + specifier.slice(alias.length) }
  // Vite's suffixes (?url, ?worker) do not belong to the path.
  if (specifier.startsWith('.'))
    return { kind: 'file', path: toSlashes(relative(src, resolve(dirname(importer), specifier.replace(/\?.*$/, '')))) }
  return { kind: 'package' }
}

/** @param {string} path */
function toSlashes(path) {
  return path.split(sep).join('/')
}

export default { meta: { name: 'house' }, rules: { rows, clock } }
