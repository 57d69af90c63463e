// `npm run check:package`: packs what is published, once, looks at what is in it, and has two tools look at it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const shell = process.platform === 'win32'
/** What may be published: sources, what is built of them, the page, the documents. */
const PUBLISHED = [
  /^(LICENSE|package\.json|(README|ARCHITECTURE|CHANGELOG)\.md)$/,
  /^src\/[\w/-]+\.tsx?$/,
  /^dist\/src\/[\w/-]+\.(js|d\.ts|js\.map|d\.ts\.map)$/,
  /^dist\/visualizer\/[\w./-]+\.(js|css|html|svg|LICENSE\.md)$/,
  /^docs\/[\w/-]+\.(md|png)$/,
]

/** What the package may need at run time: ARCHITECTURE.md says of each why. */
const DEPENDENCIES = [
  'cli-progress',
  'cli-table3',
  'commander',
  'crc-32',
  'idb',
  'p-retry',
  'picocolors',
  'valibot',
  'ws',
]

/** Scripts that npm runs where the package is installed: none may be there. */
const AT_INSTALL = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare']

const packed = ['pack', '--json', '--silent', '--pack-destination', 'dist']
const said = execFileSync('npm', packed, { cwd: root, shell, encoding: 'utf8', maxBuffer: 64e6 })
// What is done before it may speak too; the list comes last.
const [{ filename, files }] = JSON.parse(said.slice(said.search(/^\[$/m)))
const path = join('dist', filename)
const { dependencies, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const unexpected = [
  ...files.map((file) => file.path).filter((file) => !PUBLISHED.some((allowed) => allowed.test(file))),
  ...Object.keys(dependencies).filter((name) => !DEPENDENCIES.includes(name)),
  ...AT_INSTALL.filter((name) => name in scripts),
]
if (unexpected.length > 0) {
  console.error(`These are in the package and are not in its list: ${unexpected.join(', ')}`)
  process.exitCode = 1
}
for (const [tool, ...options] of [
  ['publint', '--strict'],
  ['attw', '--profile', 'esm-only', '--quiet'],
]) {
  try {
    execFileSync(tool, [...options, path], { cwd: root, shell, stdio: ['ignore', 'inherit', 'inherit'] })
  } catch (error) {
    // It has said what is wrong.
    process.exitCode = error.status ?? 1
  }
}
