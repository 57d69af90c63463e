import type { AnyStateMachine } from 'xstate'
import { problemOf } from '../errors/base.js'
import { BrokenInvariantError, UnverifiableError } from '../errors/testing.js'
import type { Trace } from '../inspect/stream/trace.js'
import type { SubjectArguments, SubjectOptions } from './options.js'
import { runPlan } from './plans/difference.js'
import { type Plan, planOf } from './plans/token.js'
import { Twins } from './plans/twins.js'
import { stepInWords } from './plans/words.js'
import { counterexampleAsItIs } from './report/counterexample.js'
import { Diagram } from './report/diagram.js'
import { recorded } from './report/recording.js'
import type { ServiceModule, Verified } from './subject.js'
import { withWorld } from './subject-world.js'
import { FirstContexts } from './world/first-contexts.js'
import type { WorldOptions } from './world/world.js'

/**
 * Runs the plan of a token again.
 * @throws as `verifyInterruptions`, and {ForeignTokenError} the token is of another version or service
 *
 * @example
 * ```ts
 * await replay(orders, 'tardigrade-plan-1.eyJzZX…')
 * ```
 */
export async function replay<TMachine extends AnyStateMachine>(
  verified: Verified<TMachine> | ServiceModule,
  token: string,
  ...[options = {}]: SubjectArguments<TMachine, SubjectOptions<TMachine>>
): Promise<void> {
  await withWorld(verified, options, async (world) => {
    const plan = planOf(world.standIn.definition.id, token, world.standIn.definition)
    const twins = new Twins(world)
    const contexts = await FirstContexts.of(world)
    try {
      const { difference } = await runPlan(world, twins, plan)
      if (difference !== undefined) throw await counterexampleAsItIs(world, twins, plan, undefined)
    } catch (error) {
      throw (await contexts.changed()) ?? error
    }
  })
}

/**
 * What happens in the plan of a token, as text: each step, who tells whom what, and what can be seen of the twin and of the
 * service after it. The same token gives the same text, byte for byte, as long as machine and library are the same.
 * @throws as `replay`, but for what an interruption changes or an invariant that does not hold: that is the last thing in the text
 *
 * @example
 * ```ts
 * console.log(await trace(orders, 'tardigrade-plan-1.eyJzZX…'))
 * ```
 */
export async function trace<TMachine extends AnyStateMachine>(
  verified: Verified<TMachine> | ServiceModule,
  token: string,
  ...[options = {}]: SubjectArguments<TMachine, SubjectOptions<TMachine>>
): Promise<string> {
  return withWorld(verified, options, (world) => told(world, token))
}

/**
 * What happens in the plan of a token, as a trace that the page shows step by step: the service that is interrupted, its twin beside
 * it, and what differs. Write it into a file for `tardigrade inspect --counterexample FILE`. It holds contexts and events.
 * @throws as `trace`, and {BrokenInvariantError} the twin itself breaks one, {UnverifiableError} `isolate`: what processes of their own do is not recorded
 *
 * @example
 * ```ts
 * writeFileSync('counterexample.json', JSON.stringify(await record(orders, 'tardigrade-plan-1.eyJzZX…')))
 * ```
 */
export async function record<TMachine extends AnyStateMachine>(
  verified: Verified<TMachine> | ServiceModule,
  token: string,
  ...[options = {}]: SubjectArguments<TMachine, SubjectOptions<TMachine>>
): Promise<Trace> {
  if (options.isolate !== undefined) {
    throw new UnverifiableError(
      'What processes of their own do',
      'it is not recorded',
      'Leave out `isolate`; `trace` tells what happens in them.',
    )
  }
  return withWorld(verified, options, (world) =>
    recorded(world, planOf(world.standIn.definition.id, token, world.standIn.definition)),
  )
}

async function told(world: WorldOptions, token: string): Promise<string> {
  const plan = planOf(world.standIn.definition.id, token, world.standIn.definition)
  try {
    return await toldOf(world, plan)
  } catch (error) {
    if (!(error instanceof BrokenInvariantError)) throw error
    return `${await toldOf({ ...world, invariants: undefined }, plan)}${problemOf(error)}\n`
  }
}

async function toldOf(world: WorldOptions, plan: Plan): Promise<string> {
  const { id } = world.standIn.definition
  const diagram = new Diagram(id)
  const { difference, twin } = await runPlan(world, new Twins(world), plan, diagram.listen)
  const seen = twin.map(({ seen }, index) => {
    const step = plan.steps[index - 1]
    return `${step === undefined ? 'the beginning' : `${index}. ${stepInWords(step)}`}\n${JSON.stringify(seen)}`
  })
  const found =
    difference === undefined ? 'no difference' : `after step ${difference.step}: ${difference.told}`
  return [`${diagram}`, '', 'Without interruptions:', ...seen, '', `With them: ${found}`, ''].join('\n')
}
