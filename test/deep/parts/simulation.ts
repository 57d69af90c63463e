import { type Effort, MOST_VIOLATIONS, type Part, type PartReport } from '../part.js'
import { type Canary, Simulation } from '../simulation/simulation.js'

/** Commands in a simulation, before its faults end. */
const LENGTH = 60

/** Seeds within which a canary must be caught. */
const CANARY_SEEDS = 20

const CANARIES: readonly Canary[] = ['store that loses commits', 'service that acts early']

/** Several services, a supervisor, a store, a clock and a host: safe at each step, and at rest when the faults end. */
async function simulations({ seed, goOn }: Effort): Promise<PartReport> {
  const violations: string[] = []
  let runs = 0
  let commands = 0
  let caught = 0
  for (const canary of CANARIES) {
    if (await isCaught(canary, seed)) caught++
    else violations.push(`seed ${seed}: the ${canary} was not caught`)
  }
  for (; goOn(runs) && violations.length < MOST_VIOLATIONS; runs++) {
    const simulation = new Simulation(seed + runs)
    commands += await simulation.run(LENGTH)
    if (simulation.violations.length === 0) continue
    violations.push(
      `seed ${seed + runs}: ${simulation.violations.join('; ')}\n${simulation.commands.join('\n')}`,
    )
  }
  const figures = [
    { what: 'simulations of the whole stack', reached: runs },
    { what: 'commands in them', reached: commands },
    { what: 'canaries of the stack caught', reached: caught, goal: CANARIES.length },
  ]
  return { figures, violations }
}

async function isCaught(canary: Canary, seed: number): Promise<boolean> {
  for (let at = 0; at < CANARY_SEEDS; at++) {
    const simulation = new Simulation(seed + at, canary)
    await simulation.run(LENGTH)
    if (simulation.violations.length > 0) return true
  }
  return false
}

export const simulationPart: Part = { name: 'simulations of the stack', weight: 1, run: simulations }
