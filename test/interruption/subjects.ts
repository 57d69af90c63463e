import { defineService, type ServiceDefinition } from 'tardigrade'
import type { Drivers } from 'tardigrade/testing'
import type { AnyStateMachine } from 'xstate'
import { connection, type Event, family, flat, regions } from './machines.js'
import { delays, observables, promises, tasks } from './outside.js'
import { shortLived } from './short-lived.js'

/** A service that is tried under interruptions. */
export interface Subject {
  readonly name: string
  /** The same anew, of which nothing is shared with another. */
  define(): ServiceDefinition
  /** What its actors do outside. */
  readonly actors: Drivers
  /** What it takes. */
  readonly types: readonly Event['type'][]
}

type Timers = Parameters<typeof defineService>[0]['timers']

function subject(
  name: string,
  machine: () => AnyStateMachine,
  types: string,
  actors: Drivers = {},
  timers: Timers = 'deadline',
): Subject {
  const define = () => defineService({ id: name, version: 1, machine: machine(), timers })
  return { name, define, actors, types: [...types] as Event['type'][] }
}

const answers = [{ resolves: 1, afterMs: 20 }, { rejects: 'no' }, { resolves: 2, afterMs: 50 }]

/** One for everything that a machine can have. */
export const SUBJECTS: readonly Subject[] = [
  subject('flat', () => flat([]), 'ABCDE'),
  subject('regions', () => regions([]), 'ABCDE'),
  subject('family', () => family([]), 'ABCDE'),
  subject('connection', () => connection([]), 'ABCD', { socket: { sends: [] } }),
  subject('short-lived', shortLived, 'ABCD'),
  subject('promises', promises, 'ABC', { ask: answers }),
  subject('tasks', tasks, 'ABC', {
    copy: { progress: [{ at: 1 }, { at: 2 }], resolves: 'copied', afterMs: 20 },
    parts: { steps: { measure: { resolves: 7, afterMs: 10 }, copy: answers, check: { resolves: 'right' } } },
  }),
  subject('observables', observables, 'ABC', {
    prices: { emits: [3, { euros: 5 }] },
    clicks: { sends: [{ type: 'E' }] },
  }),
  subject('deadlines', delays, 'AB'),
  subject('remaining', delays, 'AB', {}, 'remaining'),
  subject('restart', delays, 'AB', {}, 'restart'),
  subject('by name', delays, 'AB', {}, { long: 'remaining', short: 'restart', default: 'deadline' }),
]

/** Counts what a callback sends anew in every life, which no interruption of a life leaves alone: it must be caught. */
export const TALKING: Subject = subject('talking', () => connection([]), 'ABCD', {
  socket: { sends: [{ type: 'B' }, { type: 'B' }] },
})
