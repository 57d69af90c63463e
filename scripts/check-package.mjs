// `npm run check:package`: packs what is published, once, and has two tools look at it.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const shell = process.platform === 'win32'
const packed = ['pack', '--silent', '--pack-destination', 'dist']
const said = execFileSync('npm', packed, { cwd: root, shell, encoding: 'utf8' })
// What is done before it may speak too; the name comes last.
const path = join('dist', said.trim().split('\n').at(-1))
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
