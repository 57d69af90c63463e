import type { AnyActorLogic } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import { isMachine } from '../../service/walk.js'
import { isTask } from '../../task/task.js'
import { internalLogic } from '../../xstate/internals.js'
import { madeBy } from '../../xstate/made-by.js'
import { keyInCode } from '../key-in-code.js'
import type { Driver } from './drivers.js'

/** How a driver says what comes back. */
type Form = 'resolves' | 'steps' | 'sends' | 'emits'

/** A kind of logic: what it is called, and the forms that say what comes back of it, the usual one first. */
interface Kind {
  readonly called: string
  readonly forms: readonly [Form, ...Form[]]
}

const KINDS = {
  task: { called: 'a task', forms: ['resolves', 'steps'] },
  fromPromise: { called: 'a promise', forms: ['resolves'] },
  fromCallback: { called: 'a callback', forms: ['sends'] },
  fromObservable: { called: 'an observable', forms: ['emits'] },
  fromEventObservable: { called: 'an observable of events', forms: ['sends'] },
  // Nobody knows what comes of it: the author does.
  other: { called: 'a logic of its own kind', forms: ['resolves', 'sends', 'emits'] },
} as const satisfies Readonly<Record<string, Kind>>

/** How each form is written. */
const WRITTEN: Readonly<Record<Form, string>> = {
  resolves: '{ resolves: … }',
  steps: '{ steps: { … } }',
  sends: '{ sends: [] }',
  emits: '{ emits: [] }',
}

function kindOf(logic: AnyActorLogic): Kind {
  if (isTask(logic)) return KINDS.task
  return KINDS[madeBy(internalLogic(logic)) ?? 'other']
}

/** Whether a driver can have it fail. */
export function canReject(logic: AnyActorLogic): boolean {
  const { forms }: Kind = kindOf(logic)
  return !isMachine(logic) && forms.includes('resolves')
}

function formOf(driver: Exclude<Driver, 'run'>): Form {
  if ('sends' in driver) return 'sends'
  if ('emits' in driver) return 'emits'
  return 'steps' in driver ? 'steps' : 'resolves'
}

/**
 * Whether that driver can stand for that logic. Transition functions, and tasks, which go on from their steps by themselves,
 * need none.
 * @throws {UnverifiableError} it works outside and has no driver, or one of another kind
 */
export function checkSuits(
  service: string,
  name: string,
  logic: AnyActorLogic,
  driver: Driver | undefined,
): void {
  if (driver === 'run' || (driver === undefined && (logic.start === undefined || isTask(logic)))) return
  const { called, forms } = kindOf(logic)
  const form = driver === undefined ? undefined : formOf(driver)
  if (form !== undefined && forms.includes(form)) return
  const problem =
    form === undefined
      ? `it is ${called}, and the kit does not know what comes of it`
      : `it is ${called}, and \`${form}\` says nothing of one`
  const ways = forms.map((one) => WRITTEN[one]).join(' or ')
  throw new UnverifiableError(
    `The actor “${name}”`,
    problem,
    `Say it: actors: { ${keyInCode(name)}: ${ways} }, or 'run' where it does nothing outside.`,
    { service },
  )
}
