import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutant.js'

/** What the tests said. */
export type Verdict = 'failed' | 'passed' | 'hung' | 'did not run'

/** Beyond any of the tests with its own time limits: a mutant may loop without end. */
const LONGEST_RUN_MS = 180_000

/** A property must find the mistake within so many sequences. */
const SEQUENCES = '100'

const running = new Set<ChildProcess>()

/** Ends every run that is under way. */
export function endRuns(): void {
  for (const { pid } of running) if (pid !== undefined) endGroup(pid)
}

function endGroup(pid: number): void {
  try {
    // Its workers with it: it leads a group of its own.
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

/** The tests' names as a pattern: what a table fills in may be anything. */
function patternOf(tests: readonly string[]): string {
  const escaped = tests.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/%[sdij]/g, '.*'))
  return escaped.join('|')
}

/** Runs the named tests in a copy of the project. */
export async function runTests(folder: string, killers: readonly Mutant['killedBy'][]): Promise<Verdict> {
  const output = join(folder, 'report.json')
  rmSync(output, { force: true })
  const args = [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...new Set(killers.map(({ file }) => file)),
  ]
  args.push('-t', patternOf([...new Set(killers.map(({ test }) => test))]))
  args.push('--typecheck.enabled=false', '--bail=1', '--reporter=json', `--outputFile=${output}`)
  const env = { ...process.env, TARDIGRADE_RUNS: SEQUENCES }
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore', detached: true })
  running.add(child)
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    if (child.pid !== undefined) endGroup(child.pid)
  }, LONGEST_RUN_MS)
  await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  running.delete(child)
  return hung ? 'hung' : verdictOf(output)
}

function verdictOf(output: string): Verdict {
  try {
    // Vitest's own report; of another shape, nothing counts as run.
    const report = JSON.parse(readFileSync(output, 'utf8')) as {
      readonly numFailedTests: number
      readonly numPassedTests: number
    }
    if (report.numFailedTests > 0) return 'failed'
    return report.numPassedTests > 0 ? 'passed' : 'did not run'
  } catch {
    return 'did not run'
  }
}
