// `npm run check`: looks at the whole clone for what no test sees: style, types of what browsers run, and what is
// published. As many of these at a time as there are processors, the longest first; it fails when one of them does.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const waiting = [
  'npm run --silent check:package',
  'tsc -p test/browser',
  'tsc -p examples/upload',
  'tsc -p visualizer',
  'biome check .',
]

/** What it says is told in one piece, when it has ended. */
function run(command) {
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: root,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece))
    child.on('error', (error) => said.push(Buffer.from(error.message)))
    child.on('close', (code) => {
      if (code !== 0) {
        console.error(`\n${command}\n${Buffer.concat(said)}`)
        process.exitCode = 1
      }
      resolve()
    })
  })
}

async function runAll() {
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) await run(command)
}

await Promise.all(Array.from({ length: availableParallelism() }, runAll))
