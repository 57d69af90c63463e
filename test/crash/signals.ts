import { join } from 'node:path'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { Child, POLITE_EXIT } from './child.js'
import { Random } from './random.js'

/** The states of a lifecycle, in which a signal may come. */
export const STATES = ['resuming', 'running', 'checkpointing', 'paused', 'stopped', 'failed', 'done'] as const

/** What became of services whose process was told to end in each of their states. */
export interface SignalReport {
  /** How often it was told so in each state. */
  readonly signals: Readonly<Record<string, number>>
  /** Those that were ended by SIGKILL when their time was up. */
  readonly killed: number
  /** Events that were acknowledged. */
  readonly events: number
  readonly violations: readonly string[]
}

/** How long a process has from SIGTERM to SIGKILL, which comes up to so much earlier or later. */
const [GRACE_MS, SPREAD_MS] = [300, 5]

/** Ends a process with SIGTERM, now and then with two, in one state of its service after another, and with SIGKILL at its deadline. */
export async function signalStates(options: {
  readonly rounds: number
  readonly seed: number
  readonly folder: string
}): Promise<SignalReport> {
  const random = new Random(options.seed)
  const store = join(options.folder, 'store')
  const violations: string[] = []
  const signals: Record<string, number> = {}
  const acknowledged = new Set<number>()
  let [killed, next] = [0, 1]
  const start = () =>
    new Child('test/crash/states.js', [store, String(next)], { TARDIGRADE_GRACE_MS: String(GRACE_MS) })
  /** Also takes in what a life acknowledged. */
  const judge = async (child: Child, where: string) => {
    const left = (await child.says('left')).split(' ').slice(1).filter(Boolean).map(Number)
    const lost = [...acknowledged].filter((n) => !left.includes(n))
    if (lost.length > 0) violations.push(`${where}: the events ${lost} were acknowledged, and are lost`)
    if (new Set(left).size !== left.length) violations.push(`${where}: an event is there twice: ${left}`)
  }
  for (let round = 0; round < options.rounds && violations.length === 0; round++) {
    for (const state of STATES) {
      const where = `round ${round + 1}, ${state}`
      const child = start()
      if (state !== 'resuming') await judge(child, where)
      await child.says(`in ${state}`, state === 'running' ? 1 + random.below(3) : 1)
      const isDouble = random.below(2) === 0
      child.kill('SIGTERM')
      if (isDouble) child.kill('SIGTERM')
      const atMs = GRACE_MS - SPREAD_MS + random.next() * 2 * SPREAD_MS
      const timer = setTimeout(() => child.kill('SIGKILL'), atMs)
      const { code, signal } = await child.exited
      clearTimeout(timer)
      signals[state] = (signals[state] ?? 0) + 1
      if (signal === 'SIGKILL') killed++
      else if (code !== POLITE_EXIT)
        violations.push(`${where}: it ended with ${code ?? signal}: ${child.errors}`)
      else violations.push(...(await notAtRest(store)).map((one) => `${where}: ${one}`))
      for (const line of child.lines) if (line.startsWith('done ')) acknowledged.add(Number(line.slice(5)))
      next += child.lines.length
    }
  }
  const last = start()
  await judge(last, 'at the end')
  last.kill('SIGKILL')
  await last.exited
  return { signals, killed, events: acknowledged.size, violations }
}

/** Services that do not rest, though their process has had the time for it. */
async function notAtRest(store: string): Promise<readonly string[]> {
  const reader = await sqliteStore(store).read()
  try {
    const moving = (await reader.list()).filter(({ phase }) => phase === 'running')
    return moving.map(({ key, phase }) => `${key} rests as ${phase}`)
  } finally {
    await reader.close()
  }
}
