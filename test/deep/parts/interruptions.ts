import { type VerifyOptions, verifyInterruptions } from 'tardigrade/testing'
import { Random } from '../../crash/random.js'
import { SUBJECTS, type Subject } from '../../interruption/subjects.js'
import { canary } from '../../testing/machines.js'
import type { Effort, Part, PartReport } from '../part.js'

/** Plans of one machine, before the next has its turn. */
const PLANS = 200

/** Most steps of a plan, one after another: many short ones find most, and some need long ones. */
const LENGTHS = [4, 4, 12, 6, 4]

/** Each subject has every length in its turn: their numbers have no common divisor. */
const subjectOf = (round: number): Subject => {
  const subject = SUBJECTS[round % SUBJECTS.length]
  if (subject === undefined) throw new Error('there is no subject')
  return subject
}

/** Plans by chance, on machines with everything that XState has, and on the canary, which must be caught first. */
async function interruptions({ seed, goOn }: Effort): Promise<PartReport> {
  const violations: string[] = []
  let plans = 0
  const caught = (await verified(canary(), { runs: PLANS, seed })).found !== undefined
  if (!caught) violations.push(`seed ${seed}: the canary was not caught`)
  for (let round = 0; goOn(plans) && violations.length === 0; round++) {
    const { define, actors } = subjectOf(round)
    const mostSteps = LENGTHS[round % LENGTHS.length] ?? 12
    const thrown = await verified(define(), { runs: PLANS, seed: seed + round, mostSteps, actors })
    if (thrown.found !== undefined) violations.push(thrown.found)
    plans += thrown.plans
  }
  const figures = [
    { what: 'random interruption sequences', reached: plans, goal: 100_000 },
    { what: 'canary machine caught, in each run', reached: caught ? 1 : 0, goal: 1 },
  ]
  return { figures, violations }
}

/** Every commit and every effect of sequences by chance × before, torn, after, no space, on a store in memory. */
async function crashPoints({ seed, goOn }: Effort): Promise<PartReport> {
  const violations: string[] = []
  let points = 0
  for (let round = 0; goOn(points) && violations.length === 0; round++) {
    const random = new Random(seed + round)
    const { define, actors, types } = subjectOf(round)
    const sequence = Array.from({ length: 2 + random.below(6) }, () => {
      if (random.below(5) === 0) return { do: 'advance', ms: 1 + random.below(100) } as const
      return { type: types[random.below(types.length)] ?? 'A' }
    })
    const { found, plans } = await verified(define(), { mode: 'crashPoints', sequences: [sequence], actors })
    points += plans
    if (found !== undefined) violations.push(`seed ${seed + round}: ${found}`)
  }
  const what = 'services, memory store: crash points'
  return { figures: [{ what, reached: points, countsAs: 'crash points, all protocols' }], violations }
}

/** How many plans were run, and what they found. */
async function verified(
  service: Parameters<typeof verifyInterruptions>[0],
  options: VerifyOptions,
): Promise<{ readonly plans: number; readonly found?: string }> {
  let plans = 0
  try {
    await verifyInterruptions(service, { ...options, onPlan: () => void plans++ })
    return { plans }
  } catch (error) {
    return { plans, found: error instanceof Error ? error.message : String(error) }
  }
}

export const interruptionsPart: Part = { name: 'random interruptions', weight: 8, run: interruptions }

export const serviceCrashPart: Part = { name: 'crash points of services', weight: 1, run: crashPoints }
