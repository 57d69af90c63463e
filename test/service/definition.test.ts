import { defineService, lifecycleMachine, type MigrationSnapshot } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'

const same = (snapshot: MigrationSnapshot) => snapshot
const machine = createMachine({ id: 'm', initial: 'a', states: { a: {} } })

test('a definition holds what was said, and a default for what was not', () => {
  expect(defineService({ id: 'x', version: 1, machine })).toEqual({
    id: 'x',
    version: 1,
    machine,
    pauseOn: [],
    timers: 'deadline',
    migrations: {},
    classes: {},
    allow: [],
    deadlineMs: 10_000,
    rememberEventKeys: 256,
    maxPendingEvents: 10_000,
    resumedEvent: undefined,
    structure: expect.stringMatching(/^[0-9a-f]{8}$/),
    warnings: [],
  })
  const said = {
    id: 'y',
    version: 3,
    machine,
    pauseOn: ['offline', 'my-own'],
    timers: 'restart',
    migrations: { 1: same, 2: same },
    classes: { Date },
    allow: ['regexp'],
    deadlineMs: 5,
    rememberEventKeys: 7,
    maxPendingEvents: 9,
    resumedEvent: 'BACK',
  } as const
  expect(defineService(said)).toMatchObject(said)
})

test('the machine goes in as it is', () => {
  const definition = defineService({ id: 'x', version: 1, machine: lifecycleMachine })
  expect(definition.machine).toBe(lifecycleMachine)
  expect(definition.warnings).toEqual([])
})

test('what an author leaves undefined is left to the default', () => {
  const definition = defineService({
    id: 'x',
    version: 1,
    machine,
    pauseOn: undefined,
    timers: undefined,
    migrations: undefined,
    deadlineMs: undefined,
    // A JavaScript author, or a config spread together, does write it so.
  } as never)
  expect(definition).toMatchObject({ pauseOn: [], timers: 'deadline', migrations: {}, deadlineMs: 10_000 })
})
