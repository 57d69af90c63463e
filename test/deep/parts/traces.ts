import { trace } from 'tardigrade/testing'
import { SUBJECTS, type Subject } from '../../interruption/subjects.js'
import { type Effort, MOST_VIOLATIONS, type Part, type PartReport } from '../part.js'
import { Elsewhere } from '../traces/elsewhere.js'
import { MODES, type Mode, tokensOf } from '../traces/tokens.js'

/** Every subject in every mode, one after another. */
const ROUNDS = SUBJECTS.flatMap((subject) => MODES.map((mode) => ({ subject, mode })))

/** Plans of one subject and mode, before the next has its turn. */
const MOST_PLANS = 30

/** What the tokens of one subject and mode give when they are traced again and again. */
export interface Traced {
  readonly tokens: readonly string[]
  readonly differing: readonly string[]
  /** How many of them hold what JSON does not. */
  readonly coded: number
}

/** Traces each token, and then all of them in another order, with another definition, and in another process. */
export async function tracedAgain(
  subject: Subject,
  mode: Mode,
  { seed, most, elsewhere }: { seed: number; most: number; elsewhere: Elsewhere },
): Promise<Traced> {
  const tokens = await tokensOf(subject, mode, seed, most)
  const { actors } = subject
  const [one, other] = [subject.define(), subject.define()]
  const traces = new Map<string, string>()
  for (const token of tokens) traces.set(token, await trace(one, token, { actors }))
  const differing: string[] = []
  for (const token of tokens.toReversed()) {
    const again = [await trace(other, token, { actors }), await elsewhere.trace(subject, token)]
    if (again.some((one) => one !== traces.get(token))) differing.push(token)
  }
  return { tokens, differing, coded: tokens.filter((token) => token.startsWith('tardigrade-plan-2.')).length }
}

/** Tokens of plans of every mode, on machines with everything that XState has: the same token, the same trace, byte for byte. */
async function traces(effort: Effort): Promise<PartReport> {
  const elsewhere = new Elsewhere()
  try {
    return await tracesWith(elsewhere, effort)
  } finally {
    await elsewhere.close()
  }
}

async function tracesWith(elsewhere: Elsewhere, { seed, goOn }: Effort): Promise<PartReport> {
  const violations: string[] = []
  let [same, coded] = [0, 0]
  for (let round = 0; goOn(same) && violations.length < MOST_VIOLATIONS; round++) {
    const { subject, mode } = ROUNDS[round % ROUNDS.length] ?? {}
    if (subject === undefined || mode === undefined) break
    const traced = await tracedAgain(subject, mode, { seed: seed + round, most: MOST_PLANS, elsewhere })
    same += traced.tokens.length - traced.differing.length
    coded += traced.coded
    const where = `seed ${seed + round}, ${subject.name}, ${mode}`
    violations.push(...traced.differing.map((token) => `${where}: another trace of ${token}`))
  }
  const figures = [
    { what: 'tokens whose trace is the same, byte for byte', reached: same, goal: 1000 },
    { what: 'of these with events that JSON cannot hold', reached: coded },
  ]
  return { figures, violations }
}

export const tracesPart: Part = { name: 'same token, same trace', weight: 1, run: traces }
