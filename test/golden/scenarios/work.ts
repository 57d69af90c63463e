import { defineService, effectKey, type TaskScope, task } from 'tardigrade'
import { assign, fromPromise, setup } from 'xstate'
import { never, note, type Scenario, type World } from '../scenario.js'

const copyIn = (world: World) =>
  task(
    async ({
      input,
      step,
      progress,
      key,
    }: TaskScope<{ size: number }, { at: number; tags: Set<string> }>) => {
      const size = await step('measure', () => {
        note(world, `measure ${key('measure')}`)
        return { size: input.size, when: new Date(0) }
      })
      const at = progress.value?.at ?? 0
      if (at === 0) await progress.set({ at: 2, tags: new Set(['half']) })
      await step('rest', ({ key }) => {
        note(world, `rest from ${progress.value?.at} ${key}`)
        return world.writing ? never : size
      })
      return size
    },
  )

/** A task between two steps, with progress. */
export const taskWithSteps: Scenario = {
  define(world) {
    const machine = setup({
      types: { context: {} as { output: unknown } },
      actors: { copy: copyIn(world) },
    }).createMachine({
      id: 'task',
      context: { output: undefined },
      initial: 'copying',
      states: {
        copying: {
          invoke: {
            src: 'copy',
            id: 'copy',
            input: { size: 4 },
            onDone: { target: 'copied', actions: assign({ output: ({ event }) => event.output }) },
          },
        },
        copied: {},
      },
    })
    return defineService({ id: 'golden', version: 1, machine })
  },
  async lead() {},
}

/** A promise under way, with its input and the key of its work. */
export const promise: Scenario = {
  define(world) {
    const machine = setup({
      types: { context: {} as { paid: string } },
      actors: {
        charge: fromPromise(({ input }: { input: { cents: bigint } }) => {
          note(world, `charge ${input.cents}`)
          return world.writing ? never : Promise.resolve(`${input.cents} ${effectKey()}`)
        }),
      },
    }).createMachine({
      id: 'promise',
      context: { paid: '' },
      initial: 'off',
      states: {
        off: { on: { GO: 'paying' } },
        paying: {
          invoke: {
            src: 'charge',
            id: 'charge',
            input: { cents: 500n },
            onDone: { target: 'paid', actions: assign({ paid: ({ event }) => event.output }) },
          },
        },
        paid: {},
      },
    })
    return defineService({ id: 'golden', version: 1, machine })
  },
  lead: ({ service }) => service.send({ type: 'GO' }),
}
