import { defineService, InvalidOptionError, type ServiceOptions } from 'tardigrade'
import {
  BrokenMigrationError,
  replay,
  type Step,
  UnverifiableError,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, setup } from 'xstate'
import { Twins } from '../../src/testing/plans/twins.js'
import { worldOf } from '../../src/testing/subject.js'
import { thrownBy } from './machines.js'

const modes = [
  { runs: 60, seed: 1 },
  { mode: 'exhaustive' as const, depth: 3 },
]

/** Goes to and fro between a state that stays and one of another name in each version. */
const machineWith = (away: string) =>
  setup({
    types: { context: {} as { n: number }, events: {} as { type: 'GO' } | { type: 'BACK' } },
  }).createMachine({
    id: 'c',
    context: { n: 0 },
    initial: 'home',
    states: {
      home: { on: { GO: { target: away, actions: assign({ n: ({ context }) => context.n + 1 }) } } },
      [away]: { on: { BACK: 'home' } },
    },
  })
const earlier = defineService({ id: 'c', version: 1, machine: machineWith('old') })
const present = (migrate: NonNullable<ServiceOptions<AnyStateMachine>['migrations']>[number]) =>
  defineService({ id: 'c', version: 2, machine: machineWith('fresh'), migrations: { 1: migrate } })
const mapped = present((snapshot) => ({
  ...snapshot,
  value: snapshot.value === 'old' ? 'fresh' : snapshot.value,
}))

describe.each(modes)('a migration, with %o', (options) => {
  test('that is sound is tried in every state of the earlier version', async () => {
    const { kinds, matrix } = await verifyInterruptions(mapped, { earlier, ...options })
    expect(kinds.upgrade).toBeGreaterThan(options.mode === undefined ? 0 : 4)
    // A row is a state of the present version.
    expect(matrix.states).toEqual(['home', 'fresh'])
    if (options.mode !== undefined) expect(matrix.empty()).toEqual([])
  })

  test('that throws in a state is told, with its versions, the steps to it and the cause', async () => {
    const throwing = present((snapshot) => {
      if (snapshot.value === 'old') throw new Error('no place for old')
      return snapshot
    })
    const error = await thrownBy(verifyInterruptions(throwing, { earlier, ...options }))
    expect(error).toBeInstanceOf(BrokenMigrationError)
    expect(error).toMatchObject({ service: 'c', fromVersion: 1, version: 2, cause: expect.any(Error) })
    const { steps, token } = error as BrokenMigrationError<Step>
    expect(steps).toEqual([{ do: 'send', event: { type: 'GO' } }, { do: 'upgrade' }])
    expect(await thrownBy(replay(throwing, String(token), { earlier }))).toEqual(error)
    expect((error as Error).message).toMatch(/from version 1 to 2 .*send {"type":"GO"}.*no place for old/s)
  })

  test('an invariant that the earlier version breaks already is told after the steps to it', async () => {
    const invariants = { home: (snapshot: { value: unknown }) => snapshot.value !== 'old' }
    const error = await thrownBy(verifyInterruptions(mapped, { earlier, invariants, ...options }))
    expect(error).toMatchObject({ code: 'BROKEN_INVARIANT', service: 'c' })
    expect((error as Error).message).toMatch(/after:\n {2}1\. send {"type":"GO"}\.\nToken/)
    const { token } = error as BrokenMigrationError<Step>
    expect(await thrownBy(replay(mapped, String(token), { earlier, invariants }))).toEqual(error)
  })

  test('that does not map a state is told likewise', async () => {
    const error = await thrownBy(
      verifyInterruptions(
        present((snapshot) => snapshot),
        { earlier, ...options },
      ),
    )
    expect(error).toBeInstanceOf(BrokenMigrationError)
    expect((error as Error).message).toMatch(/from version 1 to 2 .*old/s)
  })

  test('that does another thing in another process is told', async () => {
    let lives = 0
    const flaky = present((snapshot) => ({ ...snapshot, value: 'home', context: { n: lives++ } }))
    const error = await thrownBy(verifyInterruptions(flaky, { earlier, ...options }))
    expect((error as Error).name).toBe('FlakyMachineError')
  })

  test('may be the only thing that is tried', async () => {
    const { kinds } = await verifyInterruptions(mapped, { earlier, ...options, kinds: ['upgrade'] })
    expect(Object.keys(kinds)).toEqual(['upgrade'])
  })
})

describe('an earlier version is refused at once', () => {
  test.each([
    [
      'of another id',
      defineService({ id: 'd', version: 1, machine: machineWith('old') }),
      /earlier is “d”, version 1/,
    ],
    ['of the same version', mapped, /earlier is “c”, version 2, .* version 2\. Give .*before 2/],
    ['of a newer one', defineService({ id: 'c', version: 3, machine: machineWith('x') }), /“c”, version 3/],
  ])('%s', async (_, other, message) => {
    const refused = await thrownBy(verifyInterruptions(mapped, { earlier: other as typeof earlier }))
    expect(refused).toBeInstanceOf(InvalidOptionError)
    expect((refused as Error).message).toMatch(message)
  })

  test('from which no migration leads on', async () => {
    const without = defineService({
      id: 'c',
      version: 3,
      machine: machineWith('x'),
      migrations: { 1: (s) => s },
    })
    const refused = await thrownBy(verifyInterruptions(without, { earlier }))
    expect(refused).toBeInstanceOf(BrokenMigrationError)
    expect((refused as Error).message).toMatch(
      /from version 1 to 3 .*no migration leads from it to version 3/s,
    )
  })

  test('in the mode that does not begin with it', async () => {
    const options = { mode: 'crashPoints', sequences: [[{ type: 'GO' }]] } as const
    const refused = await thrownBy(verifyInterruptions(mapped, { earlier, ...options } as never))
    expect(refused).toBeInstanceOf(InvalidOptionError)
    expect((refused as Error).message).toMatch(/earlier is version 1, .*'random' or 'exhaustive'/)
  })
})

test('no ✓ stands for interruptions of which none came about', async () => {
  const ended = setup({ types: { events: {} as { type: 'GO' } } }).createMachine({
    id: 'ended',
    initial: 'over',
    on: { GO: {} },
    states: { over: { type: 'final' } },
  })
  for (const options of modes) {
    const refused = await thrownBy(verifyInterruptions(ended, options))
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect((refused as Error).message).toContain('none of the interruptions pause, overlap')
  }
})

test('a twin of the earlier version that is run again is one of it still, as its token says', async () => {
  const invariants = { 'never away': ({ context }: { context: { n: number } }) => context.n === 0 }
  const twins = new Twins(worldOf(mapped, { earlier, invariants })).ofEarlier
  const go: Step = { do: 'send', event: { type: 'GO' } }
  expect(await thrownBy(twins.again([go]))).toMatchObject({ steps: [go, { do: 'upgrade' }] })
})
