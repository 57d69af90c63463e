import type { AnyStateMachine } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import { isMachine } from '../../service/walk.js'
import { alike, firstDifference } from '../compare.js'
import { logicsOf } from '../logics.js'
import { Plain } from './plain.js'
import { World, type WorldOptions } from './world.js'

/** A context with which a machine has begun, and what was in it then. */
interface First {
  /** Whose it is, in words. */
  readonly of: string
  readonly context: unknown
  readonly plain: unknown
}

/**
 * Contexts with which machines begin. An object in them that is one and the same for all that begin, as in `context: { … }`, is
 * everybody's: who changes it in place changes with what the next one begins, the twin too.
 */
export class FirstContexts {
  private constructor(
    private readonly options: WorldOptions,
    private readonly firsts: readonly First[],
  ) {}

  static async of(options: WorldOptions): Promise<FirstContexts> {
    return new FirstContexts(options, [await begun(options), ...written(options.standIn.definition.machine)])
  }

  /** What was changed in place since; undefined: nothing. */
  async changed(): Promise<UnverifiableError | undefined> {
    const now = [await begun(this.options), ...written(this.options.standIn.definition.machine)]
    for (const [index, { of, context, plain }] of this.firsts.entries()) {
      const again = now[index]
      if (again === undefined || !changedWithin(context, again.context, plain, again.plain)) continue
      return changedInPlace(
        of,
        String(firstDifference(plain, again.plain, 'context', 'where it began first')),
        this.options.standIn.definition.id,
      )
    }
    return undefined
  }
}

/** With which the service begins, whatever makes it. What a machine in another process begins with is nobody else's. */
async function begun(options: WorldOptions): Promise<First> {
  if (options.process !== undefined) return first('The machine’s', undefined)
  const world = new World(options)
  // What cannot begin, or never comes to rest, is told of the twin.
  await world.begin().catch(() => undefined)
  const context: unknown = world.process.snapshot?.context
  world.kill()
  return first('The machine’s', context)
}

/** Those that are written as objects in the configs of machines inside it. */
function written(machine: AnyStateMachine): readonly First[] {
  return logicsOf(machine).flatMap(([name, logic]) => {
    if (!isMachine(logic)) return []
    return [first(`The actor “${name}”’s`, logic.config.context), ...written(logic)]
  })
}

const first = (of: string, context: unknown): First => ({ of, context, plain: new Plain().of(context) })

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Whether an object that stands in both was another then. */
function changedWithin(then: unknown, now: unknown, plainThen: unknown, plainNow: unknown): boolean {
  if (!isObject(then) || !isObject(now)) return false
  if (then === now) return !alike(plainThen, plainNow)
  if (!isObject(plainThen) || !isObject(plainNow)) return false
  return Object.keys(then).some((key) => changedWithin(then[key], now[key], plainThen[key], plainNow[key]))
}

function changedInPlace(of: string, difference: string, service: string): UnverifiableError {
  return new UnverifiableError(
    `${of} first context`,
    `it was changed in place, so that whoever begins later begins with the change: ${difference}`,
    'Let `assign` give new values, and never change those that are in a context; or make all of it anew for each, as in `context: () => ({ items: [] })`.',
    { service },
  )
}
