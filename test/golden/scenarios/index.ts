import type { Scenario } from '../scenario.js'
import { children } from './children.js'
import { done, failed, stopped } from './ends.js'
import { inbox } from './inbox.js'
import { outbox } from './outbox.js'
import { states } from './states.js'
import { timers } from './timers.js'
import { values } from './values.js'
import { promise, taskWithSteps } from './work.js'

/** By the name of their records' files. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  children,
  done,
  failed,
  inbox,
  outbox,
  promise,
  states,
  stopped,
  task: taskWithSteps,
  timers,
  values,
}
