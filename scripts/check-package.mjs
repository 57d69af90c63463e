// `npm run check:package`: packs what is published, once, looks at what is in it, and has two tools look at it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unexpectedIn } from './package-list.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const shell = process.platform === 'win32'
const packed = ['pack', '--json', '--silent', '--pack-destination', 'dist']
const said = execFileSync('npm', packed, { cwd: root, shell, encoding: 'utf8', maxBuffer: 64e6 })
// What is done before it may speak too; the list comes last.
const [{ filename, files }] = JSON.parse(said.slice(said.search(/^\[$/m)))
const path = join('dist', filename)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const unexpected = unexpectedIn(
  files.map((file) => file.path),
  manifest,
)
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
