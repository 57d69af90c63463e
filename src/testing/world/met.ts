import { readJson } from '../../checkpoint/json.js'

/** A name that something has had while it ran: of an effect, or of a step of a task. As data that another thread can be given. */
export type MetName = string

export const metEffect = (name: string): MetName => JSON.stringify([name])

export const metStep = (task: string, step: string): MetName => JSON.stringify([task, step])

/** The names of effects that were met. */
export function effectsIn(met: ReadonlySet<MetName>): readonly string[] {
  return partsOf(met).flatMap(([name, step]) => (step === undefined && name !== undefined ? [name] : []))
}

/** The names of steps for which that task has asked. */
export function stepsIn(met: ReadonlySet<MetName>, task: string): readonly string[] {
  return partsOf(met).flatMap(([name, step]) => (step !== undefined && name === task ? [step] : []))
}

// They are written here.
const partsOf = (met: ReadonlySet<MetName>) => [...met].map((name) => readJson(name) as readonly string[])
