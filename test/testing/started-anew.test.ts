import { InterruptionBugError, type Step, verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { assign, fromCallback, fromObservable, setup } from 'xstate'
import { thrownBy } from './machines.js'

type Hello = { type: 'HELLO' }

/** Counts what it is greeted with, and is greeted whenever its callback starts. */
const greeted = setup({
  types: { context: {} as { n: number }, events: {} as Hello | { type: 'REST' } },
  actors: { greet: fromCallback<Hello>(({ sendBack }) => sendBack({ type: 'HELLO' })) },
}).createMachine({
  id: 'greeted',
  context: { n: 0 },
  invoke: { src: 'greet', id: 'greet' },
  on: { HELLO: { actions: assign({ n: ({ context }) => context.n + 1 }) }, REST: {} },
})

test.each(['run', { sends: [{ type: 'HELLO' }] }] as const)(
  'a callback that starts anew and sends again is told, driven by %j',
  async (greet) => {
    const bug = (await thrownBy(
      verifyInterruptions(greeted, {
        actors: { greet },
        kinds: ['kill'],
        events: [{ type: 'REST' }],
        seed: 1,
      }),
    )) as InterruptionBugError<Step>
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect(bug.message).toContain('“greet” was started 2 times, and 1 without the interruption')
    expect(bug.diagram).toContain('service->>outside: “greet” starts\n')
    expect(bug.diagram).toContain('service->>outside: “greet” starts, for the 2. time\n')
  },
)

test('an observable that is subscribed to anew is told', async () => {
  const machine = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'REST' } },
    actors: {
      follow: fromObservable<number, undefined>(() => {
        throw new Error('the real one')
      }),
    },
  }).createMachine({
    id: 'following',
    context: { n: 0 },
    invoke: {
      src: 'follow',
      id: 'follow',
      onSnapshot: { actions: assign({ n: ({ context }) => context.n + 1 }) },
    },
    on: { REST: {} },
  })
  const actors = { follow: { emits: [1] } }
  const bug = await thrownBy(verifyInterruptions(machine, { actors, kinds: ['kill'], seed: 1 }))
  expect((bug as Error).message).toContain('“follow” was started 2 times, and 1 without the interruption')
})

test('what starts as often as in the twin is not told', async () => {
  const known = new WeakSet<object>()
  const machine = setup({
    types: { context: {} as { n: number }, events: {} as Hello | { type: 'OPEN' } },
    actors: { greet: fromCallback<Hello>(() => {}) },
  }).createMachine({
    id: 'late',
    initial: 'shut',
    context: { n: 0 },
    entry: ({ self }) => known.add(self),
    states: {
      shut: {
        on: { OPEN: { target: 'open', actions: assign({ n: ({ self }) => (known.has(self) ? 1 : 0) }) } },
      },
      open: { invoke: { src: 'greet' } },
    },
  })
  const bug = await thrownBy(
    verifyInterruptions(machine, {
      actors: { greet: 'run' },
      kinds: ['kill'],
      events: [{ type: 'OPEN' }],
      seed: 1,
    }),
  )
  expect(bug).toBeInstanceOf(InterruptionBugError)
  expect((bug as Error).message).toContain('“greet” starts')
  expect((bug as Error).message).not.toContain('was started')
})
