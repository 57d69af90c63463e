import { readJson } from '../../checkpoint/json.js'

/** A name that something has had while it ran: of an effect, an actor, or a step of a task. As data that another thread can be given. */
export type MetName = string

export const metEffect = (name: string): MetName => JSON.stringify(['effect', name])

/** Of an actor that works outside and has begun. */
export const metStart = (name: string): MetName => JSON.stringify(['start', name])

export const metStep = (task: string, step: string): MetName => JSON.stringify(['step', task, step])

/** The names of effects that were met. */
export function effectsIn(met: ReadonlySet<MetName>): readonly string[] {
  return partsOf(met).flatMap(([what, name]) => (what === 'effect' && name !== undefined ? [name] : []))
}

/** The names of steps for which that task has asked. */
export function stepsIn(met: ReadonlySet<MetName>, task: string): readonly string[] {
  return partsOf(met).flatMap(([what, name, step]) =>
    what === 'step' && step !== undefined && name === task ? [step] : [],
  )
}

/** Whether an actor of that name has begun. */
export function hasStarted(met: ReadonlySet<MetName>, name: string): boolean {
  return met.has(metStart(name))
}

// They are written here.
const partsOf = (met: ReadonlySet<MetName>) => [...met].map((name) => readJson(name) as readonly string[])
