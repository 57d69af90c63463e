import { createSupervisor, defineService, type TaskScope, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'

const effects: string[] = []
const machine = setup({
  types: {
    context: {} as { n: number; at: Map<string, Date> },
    events: {} as { type: 'GO' } | { type: 'INC' },
  },
  actions: { note: ({ context }) => void effects.push(`note ${context.n}`) },
}).createMachine({
  id: 'm',
  context: { n: 0, at: new Map() },
  initial: 'a',
  states: {
    a: { on: { GO: 'b' } },
    b: { after: { 5000: { target: 'c', actions: 'note' } } },
    c: {},
  },
  on: { INC: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'note'] } },
})
const definition = defineService({ id: 'smoke', version: 1, machine })

test('goes on', async () => {
  const store = memoryStore()
  const clock = new ManualClock()
  const one = await createSupervisor({ store, clock })
  const service = await one.start(definition, { key: 'k' })
  expect(service.getSnapshot().value).toBe('running')
  await service.send({ type: 'INC' })
  expect(effects).toEqual(['note 1'])
  await service.send({ type: 'GO' }, { key: 'x' })
  await service.send({ type: 'GO' }, { key: 'x' })
  clock.jump(3000)
  const report = await one.close()
  expect(report).toEqual({ safe: ['k'], unsafe: [] })
  clock.jump(1000)
  const two = await createSupervisor({ store, clock })
  const again = await two.start(definition, { key: 'k' })
  expect(again.machine.getSnapshot().value).toBe('b')
  expect(again.machine.getSnapshot().context.n).toBe(1)
  await clock.advance(999)
  expect(again.machine.getSnapshot().value).toBe('b')
  await clock.advance(1)
  expect(again.machine.getSnapshot().value).toBe('c')
  await again.settled()
  expect(effects).toEqual(['note 1', 'note 1'])
  await again.pause()
  expect(again.getSnapshot().value).toBe('paused')
  await again.send({ type: 'INC' })
  expect(again.machine.getSnapshot().context.n).toBe(1)
  await again.resume()
  expect(again.machine.getSnapshot().context.n).toBe(2)
  await two.close()
})

test('a task goes on from its step', async () => {
  const calls: string[] = []
  let gate: (() => void) | undefined
  const work = task(async ({ input, step, progress }: TaskScope<{ n: number }, number>) => {
    await step('one', () => void calls.push('one'))
    for (let at = progress.value ?? 0; at < input.n; at++) {
      calls.push(`chunk ${at}`)
      if (at === 1)
        await new Promise<void>((resolve) => {
          gate = resolve
        })
      await progress.set(at + 1)
    }
    return step('end', () => 'finished')
  })
  const machine = setup({ actors: { work }, types: { context: {} as { result: string } } }).createMachine({
    context: { result: '' },
    initial: 'w',
    states: {
      w: {
        invoke: {
          src: 'work',
          input: { n: 3 },
          onDone: { target: 'd', actions: assign({ result: ({ event }) => event.output }) },
        },
      },
      d: { type: 'final' },
    },
  })
  const definition = defineService({ id: 'work', version: 1, machine })
  const store = memoryStore()
  const one = await createSupervisor({ store })
  await one.start(definition)
  await settle()
  expect(calls).toEqual(['one', 'chunk 0', 'chunk 1'])
  const closing = one.close({ deadlineMs: 60_000 })
  gate?.()
  await closing
  const two = await createSupervisor({ store })
  const again = await two.start(definition)
  await settle()
  expect(calls).toEqual(['one', 'chunk 0', 'chunk 1', 'chunk 2'])
  expect(again.getSnapshot().value).toBe('done')
  expect(again.machine.getSnapshot().context.result).toBe('finished')
  await two.close()
})
