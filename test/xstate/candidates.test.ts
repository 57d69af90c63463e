import { expect, test } from 'vitest'
import { type AnyMachineSnapshot, createActor, createMachine, type InspectionEvent } from 'xstate'
import { guardAnswers, takenIn } from '../../src/xstate/candidates.js'

// biome-ignore lint/suspicious/noExplicitAny: the machines are of many kinds, and their types are not the point
type Config = any

/** A guard that says what its name does, and notes that it was asked. */
const guard = (asked: Set<string>, name: string) =>
  Object.assign(
    () => {
      asked.add(name)
      return name.startsWith('yes')
    },
    { told: name },
  )

/** Sends an event, and gives what guards were really asked, and which of them it is told so of, in that order. */
function answersTo(config: (yes: (name: string) => Config) => Config, type: string) {
  const asked = new Set<string>()
  let before: AnyMachineSnapshot
  const told: string[] = []
  let microsteps = 0
  const note = (eventType: string, taken: Parameters<typeof guardAnswers>[2]) => {
    for (const { candidate, passed } of guardAnswers(before, eventType, taken)) {
      const { told: name } = candidate.guard as { readonly told: string }
      expect(passed, name).toBe(name.startsWith('yes'))
      told.push(name)
    }
  }
  const inspect = (event: InspectionEvent) => {
    if (event.type !== '@xstate.microstep' || before === undefined) return
    microsteps++
    const taken = takenIn(event)
    note(taken[0]?.eventType === '' ? '' : event.event.type, taken)
    before = event.snapshot as AnyMachineSnapshot
  }
  const actor = createActor(createMachine(config((name) => guard(asked, name))), { inspect })
  actor.start()
  asked.clear()
  before = actor.getSnapshot() as AnyMachineSnapshot
  actor.send({ type })
  // Where every guard says no, XState makes no microstep of it.
  if (microsteps === 0) note(type, [])
  return { asked: [...asked], told }
}

test.each<[string, (yes: (name: string) => Config) => Config, string, readonly string[]]>([
  ['nobody where there are no guards', () => ({ on: { A: {} } }), 'A', []],
  [
    'each before the one that is taken, and none after it',
    (is) => ({ on: { A: [{ guard: is('no 1') }, { guard: is('yes') }, { guard: is('no 2') }] } }),
    'A',
    ['no 1', 'yes'],
  ],
  [
    'all where none says yes',
    (is) => ({ on: { A: [{ guard: is('no 1') }, { guard: is('no 2') }] } }),
    'A',
    ['no 1', 'no 2'],
  ],
  [
    'those before one without a guard',
    (is) => ({ on: { A: [{ guard: is('no 1') }, {}, { guard: is('no 2') }] } }),
    'A',
    ['no 1'],
  ],
  [
    'those of the state outside, where the one inside said no',
    (is) => ({
      initial: 'in',
      on: { A: { guard: is('yes') } },
      states: { in: { on: { A: { guard: is('no') } } } },
    }),
    'A',
    ['yes', 'no'],
  ],
  [
    'none of the state outside, where one inside has taken it',
    (is) => ({
      initial: 'in',
      on: { A: { guard: is('no') } },
      states: { in: { on: { A: { guard: is('yes') } } } },
    }),
    'A',
    ['yes'],
  ],
  [
    'those of each region, though another has taken it',
    (is) => ({
      type: 'parallel',
      states: {
        left: { initial: 'in', states: { in: { on: { A: { guard: is('yes') } } } } },
        right: { initial: 'in', states: { in: { on: { A: { guard: is('no') } } } } },
      },
    }),
    'A',
    ['yes', 'no'],
  ],
  [
    'those of the longest descriptor that fits first, and of none that does not',
    (is) => ({
      on: {
        '*': { guard: is('yes any') },
        'a.*': { guard: is('no a') },
        'a.b.*': { guard: is('no ab') },
        'b.*': { guard: is('no b') },
        'a*': { guard: is('no star') },
        'a.b.c.d': { guard: is('no longer') },
      },
    }),
    'a.b.c',
    ['no ab', 'no a', 'yes any'],
  ],
  [
    'those for the very event, and then those of the descriptors that fit it too',
    (is) => ({
      on: { 'a.*': { guard: is('yes') }, 'a.b': [{ guard: is('no 1') }, { guard: is('no 2') }], 'a.b.*': {} },
    }),
    'a.b',
    ['no 1', 'no 2'],
  ],
  [
    'one of a descriptor that takes what the event’s own did not',
    (is) => ({ on: { '*': { guard: is('yes') }, A: { guard: is('no') } } }),
    'A',
    ['no', 'yes'],
  ],
  [
    'nobody of an event that nothing takes',
    (is) => ({ initial: 'in', on: { B: { guard: is('no') } }, states: { in: {} } }),
    'A',
    [],
  ],
  [
    'those of `always` after it',
    (is) => ({
      initial: 'in',
      on: { A: '.on' },
      states: { in: {}, on: { always: [{ guard: is('no') }, { guard: is('yes'), target: 'off' }] }, off: {} },
    }),
    'A',
    ['no', 'yes'],
  ],
])('was asked: %s', (_, config, type, expected) => {
  const { asked, told } = answersTo(config, type)
  expect(told).toEqual(expected)
  expect([...asked].sort()).toEqual([...expected].sort())
})
