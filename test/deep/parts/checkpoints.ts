import fc from 'fast-check'
import { seal, unseal } from '../../../src/checkpoint/seal.js'
import { KEY, writeRecord } from '../../golden/record.js'
import { scenarios } from '../../golden/scenarios/index.js'
import { Content } from '../fuzz/content.js'
import { type Mutation, mutations } from '../fuzz/mutation.js'
import { Restorer } from '../fuzz/restore.js'
import { type Effort, MOST_VIOLATIONS, type Part, type PartReport } from '../part.js'

/** Checkpoints of one scenario, before the next has its turn. */
const RUNS = 100

/** Everything that a hostile content might have reached. */
const pollution = () =>
  [Object, Array, Map, Set, Error, Function].map(({ prototype }) => Reflect.ownKeys(prototype).length).join()

/**
 * Valid checkpoints of every kind, changed in structure, types, annotations, keys and depth, under a right checksum:
 * each is refused with a typed error, or restored as it says.
 */
async function checkpoints({ seed, goOn }: Effort): Promise<PartReport> {
  const sound = pollution()
  const violations: string[] = []
  const subjects = await Promise.all(
    Object.entries(scenarios).map(async ([name, scenario]) => ({
      name,
      body: unseal(await writeRecord(scenario)).body,
      restorer: new Restorer(scenario.define({ done: [], writing: true }), KEY),
    })),
  )
  let count = 0
  for (let round = 0; goOn(count) && violations.length < MOST_VIOLATIONS; round++) {
    const { name, body, restorer } = subjects[round % subjects.length] ?? {}
    if (name === undefined || body === undefined || restorer === undefined) break
    const wrong = (made: readonly Mutation[]) => {
      count++
      const content = new Content(body)
      for (const mutation of made) content.change(mutation)
      const found = restorer.judge(seal(content.text))
      return pollution() === sound ? found : 'a prototype was changed'
    }
    const property = fc.property(mutations, (made) => wrong(made) === undefined)
    const { counterexample } = fc.check(property, { seed: seed + round, numRuns: RUNS })
    const [made] = counterexample ?? []
    if (made === undefined) continue
    const what = `seed ${seed + round}, the record ${name} changed by ${JSON.stringify(made)}`
    violations.push(`${what}: ${wrong(made)}`)
  }
  const accepted = subjects.reduce((sum, { restorer }) => sum + restorer.accepted, 0)
  const figures = [
    { what: 'hostile checkpoints', reached: count, goal: 100_000 },
    { what: 'of these accepted, and restored as they say', reached: accepted },
  ]
  return { figures, violations }
}

export const checkpointsPart: Part = { name: 'hostile checkpoints', weight: 3, run: checkpoints }
