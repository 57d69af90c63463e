import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import {
  type AnyActorLogic,
  type AnyStateMachine,
  assign,
  createActor,
  fromCallback,
  fromEventObservable,
  setup,
} from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

/** Sends these to its parent at once as it starts, and then throws where it is to. */
const callback = (events: readonly string[], throws = false) =>
  fromCallback(({ sendBack }) => {
    for (const type of events) sendBack({ type })
    if (throws) throw new Error('at its start')
  })

const observable = (events: readonly string[], throws = false) =>
  fromEventObservable(() => ({
    subscribe(observer: unknown) {
      const { next } = observer as { next(event: { type: string }): void }
      for (const type of events) next({ type })
      if (throws) throw new Error('at its start')
      return { unsubscribe: () => {} }
    },
  }))

/** Hears `A`, `B` and errors in order; `leaves` its outside work at the first. */
const hearing = (talk: AnyActorLogic, leaves: boolean): AnyStateMachine =>
  setup({
    types: { context: {} as { heard: string[] } },
    actors: { talk },
    actions: { hear: assign({ heard: ({ context, event }) => [...context.heard, event.type] }) },
  }).createMachine({
    id: 'hearing',
    context: { heard: [] },
    initial: 'with',
    on: { B: { actions: 'hear' }, 'xstate.error.actor.talk': { actions: 'hear' } },
    states: {
      with: {
        invoke: { src: 'talk', id: 'talk' },
        on: { A: leaves ? { target: 'without', actions: 'hear' } : { actions: 'hear' } },
      },
      without: {},
    },
  })

const kinds = { callback, 'event observable': observable }
const cases = Object.entries(kinds).flatMap(([kind, talk]) =>
  [false, true].flatMap((leaves) => [false, true].map((throws) => ({ kind, talk, leaves, throws }))),
)

test.each(cases)(
  'what work sends to its parent as it starts comes there as in XState: $kind, leaves: $leaves, throws: $throws',
  async ({ talk, leaves, throws }) => {
    const machine = () => hearing(talk(['A', 'B', 'B'], throws), leaves)
    const plain = createActor(machine()).start().getSnapshot()
    expect(plain.context.heard.slice(0, 3)).toEqual(['A', 'B', 'B'])
    const life = new Life(defineService({ id: 'life', version: 1, machine: machine() }))
    const service = await life.start()
    await settle()
    const { value, context } = service.machine.getSnapshot()
    expect({ value, heard: context.heard }).toEqual({ value: plain.value, heard: plain.context.heard })
    expect(life.failures).toEqual([])
  },
)

test('a machine that ends with what its callback sends first hears nothing after it', async () => {
  const machine = setup({ actors: { talk: callback(['A', 'B'], true) } }).createMachine({
    id: 'ends',
    initial: 'with',
    states: { with: { invoke: { src: 'talk', id: 'talk' }, on: { A: 'end' } }, end: { type: 'final' } },
  })
  expect(createActor(machine).start().getSnapshot().value).toBe('end')
  const life = new Life(defineService({ id: 'life', version: 1, machine }))
  const service = await life.start()
  await settle()
  expect([service.getSnapshot().value, life.failures]).toEqual(['done', []])
})
