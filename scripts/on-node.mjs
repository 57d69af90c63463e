// Runs the tests on another major of Node, which the npm package `node` brings as a binary.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const major = process.argv[2]
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), `node-${major}-`))
// Some tests run children as another user, who must find this Node too.
chmodSync(folder, 0o755)
try {
  // The package’s own install script is what puts the binary in place.
  const npm = ['install', '--no-fund', '--no-audit', '--loglevel=error', '--prefix', folder]
  execFileSync('npm', [...npm, '--ignore-scripts=false', `node@${major}`], { stdio: 'inherit' })
  const bin = join(folder, 'node_modules', 'node', 'bin')
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const node = join(bin, 'node')
  console.log(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim())
  execFileSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--typecheck=false'], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
