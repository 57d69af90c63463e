// Brings a clone to the point where everything runs: packages as the lock file says, and a build. It does
// nothing when both are there and newer than what they are made from. As `setup.mjs?start` it leaves out what tests alone need.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const isForTests = !new URL(import.meta.url).searchParams.has('start')
const root = fileURLToPath(new URL('..', import.meta.url))
const at = (path) => join(root, path)

function newest(path) {
  if (!existsSync(path)) return 0
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  const names = readdirSync(path).filter((name) => name !== 'node_modules')
  return Math.max(mtimeMs, ...names.map((name) => newest(join(path, name))))
}

function run(command, ...args) {
  runIn('.', command, ...args)
}

function runIn(folder, command, ...args) {
  try {
    execFileSync(command, args, {
      cwd: at(folder),
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    })
  } catch (error) {
    // It has said what is wrong.
    process.exit(error.status ?? 1)
  }
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tardigrade needs Node 20.19 or newer; this is ${process.version}.`)
  process.exit(1)
}

// Those of XState 4 are for tests alone, which run its inspector from there: no package can have it beside XState 5.
for (const folder of isForTests ? ['.', 'test/xstate-inspect'] : ['.']) {
  const installed = at(join(folder, 'node_modules/.package-lock.json'))
  if (newest(at(join(folder, 'package-lock.json'))) <= newest(installed)) continue
  console.log(folder === '.' ? 'Installing packages …' : `Installing packages of ${folder} …`)
  runIn(folder, 'npm', 'ci', '--no-fund', '--no-audit', '--loglevel=error')
}

const sources = [
  'src',
  'machines',
  'examples',
  'test',
  'bench',
  'scripts',
  'tsconfig.json',
  'tsconfig.browser.json',
  'package-lock.json',
]
// A mark of our own: the compiler also notes what it has merely checked.
const built = at('dist/.built')
if (Math.max(...sources.map((path) => newest(at(path)))) > newest(built)) {
  console.log('Building …')
  // What runs in browsers alone is compiled with their types, which the rest must not see.
  for (const project of ['tsconfig.json', 'tsconfig.browser.json']) {
    run(process.execPath, at('node_modules/typescript/bin/tsc'), '-p', at(project))
  }
  writeFileSync(built, '')
}
const ofPage = ['visualizer', 'src/inspect', 'package-lock.json']
const builtPage = at('dist/.visualizer')
if (Math.max(...ofPage.map((path) => newest(at(path)))) > newest(builtPage)) {
  console.log('Building the page …')
  const vite = at('node_modules/vite/bin/vite.js')
  // Called from a test, it would build the page as for developers, which is larger than it may be.
  process.env.NODE_ENV = 'production'
  run(process.execPath, vite, 'build', '--config', at('visualizer/vite.config.ts'), '--logLevel', 'warn')
  writeFileSync(builtPage, '')
}
// So that `npx tardigrade` may run it, in this clone; another user's is left as it is.
const command = at('dist/src/cli/main.js')
if ((statSync(command).mode & 0o111) !== 0o111) chmodSync(command, 0o755)
