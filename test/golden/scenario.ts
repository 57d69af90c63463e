import { effectKey, type Service, type ServiceDefinition } from 'tardigrade'
import type { ManualClock } from '../kit/clock.js'
import type { Life } from '../kit/kill.js'

/** What a scenario's machine did to the outside, and in which life it is. */
export interface World {
  readonly done: { readonly key: string; readonly what: string }[]
  /** Work of the life that writes the record does not come to its end. */
  readonly writing: boolean
}

/** How one record comes about. Once it is released it never changes: a new thing to cover is a new scenario. */
export interface Scenario {
  define(world: World): ServiceDefinition
  /** Leads a first life to the moment of the record: the newest checkpoint then is the record. */
  lead(life: {
    readonly life: Life<never>
    readonly service: Service
    readonly clock: ManualClock
  }): Promise<void>
}

/** Notes an effect under its key. */
export function note({ done }: World, what: string): void {
  done.push({ key: effectKey() ?? 'none', what })
}

export const never = new Promise<never>(() => {})
