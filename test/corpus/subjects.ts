import { defineService, type ServiceDefinition } from 'tardigrade'
import type { Drivers } from 'tardigrade/testing'
import type { AnyStateMachine } from 'xstate'
import { connection, family, flat, regions } from '../interruption/machines.js'
import { shortLived } from '../interruption/short-lived.js'

/** A service with one policy for all its timers, or with the one that is the default. */
function serviceOf(id: string, machine: AnyStateMachine, timers: 'deadline' | 'remaining' | 'restart') {
  return defineService({ id, version: 1, machine, timers })
}

/** The services whose plans the corpus holds, each with what its actors do outside. */
export const subjects: readonly { readonly service: ServiceDefinition; readonly actors: Drivers }[] = [
  { service: serviceOf('flat', flat([]), 'deadline'), actors: {} },
  { service: serviceOf('flat-remaining', flat([]), 'remaining'), actors: {} },
  { service: serviceOf('flat-restart', flat([]), 'restart'), actors: {} },
  { service: serviceOf('regions', regions([]), 'deadline'), actors: {} },
  { service: serviceOf('family', family([]), 'deadline'), actors: {} },
  {
    service: serviceOf('connection', connection([]), 'deadline'),
    actors: { socket: { sends: [] } },
  },
  { service: serviceOf('short-lived', shortLived(), 'deadline'), actors: {} },
]
