import { availableParallelism } from 'node:os'
import { verifyInterruptions } from 'tardigrade/testing'
import { createMachine } from 'xstate'
import { perSecond, type Row } from './kit.js'

/** Plans of one measurement, which has the start of the workers in it. */
const RUNS = 20_000
const GOAL = 1000

/** Rooms in a square, with two doors each. */
const SIDE = 8
const LONGEST_MS = 5000
const KINDS = ['pause', 'kill', 'stop', 'crash', 'storeFails', 'secondOwner'] as const

function square() {
  const names = Array.from({ length: SIDE * SIDE }, (_, index) => index)
  const room = (index: number) => {
    const [row, column] = [Math.floor(index / SIDE), index % SIDE]
    const right = row * SIDE + ((column + 1) % SIDE)
    const down = ((row + 1) % SIDE) * SIDE + column
    return [`r${index}`, { on: { RIGHT: `r${right}`, DOWN: `r${down}` } }] as const
  }
  return createMachine({ id: 'square', initial: 'r0', states: Object.fromEntries(names.map(room)) })
}

/** A module names the machine as `tardigrade verify` has it. */
const flat = { module: new URL('./machine.js', import.meta.url), export: 'machine' }

/** Plans at random a second, by so many threads. */
async function plansPerSecond(workers: number): Promise<number> {
  const beganMs = performance.now()
  await verifyInterruptions(flat, { runs: RUNS, seed: 1, workers })
  return perSecond(RUNS, performance.now() - beganMs)
}

/** How fast a service is verified: plans at random, and every state of a machine of 64. */
export async function benchVerify(): Promise<Row[]> {
  const workers = availableParallelism()
  const [one, all] = [await plansPerSecond(1), await plansPerSecond(workers)]
  const beganMs = performance.now()
  const { figures, matrix } = await verifyInterruptions(square(), { mode: 'exhaustive', kinds: KINDS })
  const tookMs = performance.now() - beganMs
  const empty = matrix.empty().length
  return [
    {
      what: `${RUNS} interruption sequences at random, a flat machine, each against its twin, ${workers} workers`,
      ours: `${Math.round(all)}/s`,
      yardstick: `${Math.round(one)}/s in one thread`,
      figure: `${Math.round(all)}/s`,
      goal: `≥ ${GOAL}/s`,
      met: all >= GOAL,
    },
    {
      what: `${figures.states} states × ${KINDS.length} interruptions × next event, ${empty} cells empty`,
      ours: `${matrix.cells().length} cells`,
      yardstick: '',
      figure: `${(tookMs / 1000).toFixed(1)} s`,
      goal: `< ${LONGEST_MS / 1000} s`,
      met: tookMs < LONGEST_MS && empty === 0,
    },
  ]
}
