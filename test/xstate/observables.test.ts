import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { type AnyStateMachine, assign, createActor, fromObservable, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

/** A source that shows its value to whoever subscribes, at once, as RxJS’s BehaviorSubject does; and all later ones. */
function source(...early: number[]) {
  const subscribers = new Set<(value: number) => void>()
  const logic = fromObservable<number, undefined>(() => ({
    subscribe(to: unknown) {
      const { next } = to as { next: (value: number) => void }
      for (const value of early) next(value)
      subscribers.add(next)
      return { unsubscribe: () => void subscribers.delete(next) }
    },
  }))
  return { logic, subscribers, show: (value: number) => subscribers.forEach((next) => void next(value)) }
}

interface SnapshotEvent {
  readonly snapshot: { readonly context: unknown }
}

/** Hears what is shown while it is on, and leaves at 9. */
const listener = (logic: ReturnType<typeof source>['logic']) =>
  setup({
    actors: { source: logic },
    types: { context: {} as { heard: number[] }, events: {} as { type: 'OFF' } },
  }).createMachine({
    id: 'listener',
    context: { heard: [] },
    initial: 'on',
    states: {
      on: {
        on: { OFF: 'off' },
        invoke: {
          src: 'source',
          id: 'source',
          onSnapshot: [
            { guard: ({ event }) => event.snapshot.context === 9, target: 'off' },
            {
              actions: assign({
                heard: ({ context, event }) => [...context.heard, event.snapshot.context ?? -1],
              }),
            },
          ],
        },
      },
      off: {},
    },
  })

const lifeOf = (machine: AnyStateMachine) => new Life(defineService({ id: 'life', version: 1, machine }))

/** What plain XState has heard after the same. */
function plainly(early: readonly number[]) {
  const { logic, show } = source(...early)
  const actor = createActor(listener(logic)).start()
  show(3)
  return actor.getSnapshot().context.heard
}

test('what it shows later may be told by an action, in this life and in the next', async () => {
  const { logic, subscribers, show } = source()
  const told: unknown[] = []
  const machine = setup({
    actors: { source: logic },
    actions: { tell: ({ event }) => void told.push((event as unknown as SnapshotEvent).snapshot.context) },
  }).createMachine({
    id: 'teller',
    invoke: { src: 'source', id: 'source', onSnapshot: { actions: 'tell' } },
  })
  const life = lifeOf(machine)
  await life.start()
  show(3)
  await settle()
  // Its start is told of too, as in XState, and its restart is not.
  expect(told).toEqual([undefined, 3])
  subscribers.clear()
  await life.restart()
  show(4)
  await settle()
  expect(told).toEqual([undefined, 3, 4])
  expect(life.failures).toEqual([])
})

test('one that throws instead of subscribing ends in that error, and nothing is left to be ended', async () => {
  const failing = fromObservable<number, undefined>(() => {
    throw new Error('no line')
  })
  const machine = setup({ actors: { source: failing } }).createMachine({
    id: 'failing',
    initial: 'on',
    states: { on: { invoke: { src: 'source', id: 'source', onError: 'off' } }, off: {} },
  })
  const service = await lifeOf(machine).start()
  await settle()
  expect(service.machine.getSnapshot().value).toBe('off')
  await service.stop()
})

test('what an observable shows as it is subscribed to comes after that, as in XState, and it can be left', async () => {
  const { logic, subscribers, show } = source(1, 2)
  const service = await lifeOf(listener(logic)).start()
  await settle()
  show(3)
  await settle()
  // A change of the observable alone, as it starts, is none that its parent hears of.
  expect(service.machine.getSnapshot().context.heard).toEqual(plainly([1, 2]))
  expect(subscribers.size).toBe(1)
  await service.send({ type: 'OFF' })
  await settle()
  expect(subscribers.size).toBe(0)
})

test('one that is left for what it shows first is unsubscribed from', async () => {
  const { logic, subscribers } = source(9, 1)
  const service = await lifeOf(listener(logic)).start()
  await settle()
  expect(service.machine.getSnapshot().value).toBe('off')
  expect(subscribers.size).toBe(0)
})

test('and so is one whose service stops', async () => {
  const { logic, subscribers } = source(1)
  const service = await lifeOf(listener(logic)).start()
  await settle()
  await service.stop()
  expect(subscribers.size).toBe(0)
})
