// What an application runs in an engine that it embeds, which has none of the web's globals but those that it was given.
import { createSupervisor, defineService, task } from 'tardigrade'
import { embedderHost } from 'tardigrade/hosts/embedder'
import { memoryStore } from 'tardigrade/stores/memory'
import { assign, setup, waitFor } from 'xstate'

const upload = task<number>(async ({ step }) => {
  await step('try', async () => {}, { retry: { retries: 1 } })
  return step('count', async () => 2)
})

const machine = setup({ actors: { upload }, types: {} as { context: { uploaded: number } } }).createMachine({
  context: { uploaded: 0 },
  initial: 'uploading',
  states: {
    uploading: {
      invoke: {
        src: 'upload',
        onDone: { target: 'waiting', actions: assign({ uploaded: ({ event }) => event.output }) },
      },
    },
    waiting: { after: { 1: 'over' } },
    over: { type: 'final' },
  },
})

/** Runs a service to its end, and looks at it from the next life of the application. */
export async function run(): Promise<unknown> {
  const store = memoryStore()
  const definition = defineService({ id: 'upload', version: 1, machine })
  const life = () =>
    createSupervisor({ store, host: embedderHost({ listen: () => () => {}, answer: () => {} }) })
  const supervisor = await life()
  const service = await supervisor.start(definition)
  const { value } = await waitFor(service, ({ value }) => value === 'done' || value === 'failed')
  const { context } = service.machine.getSnapshot()
  await supervisor.close()
  const next = await life()
  const again = (await next.start(definition)).getSnapshot().value
  await next.close()
  return { context, again, value }
}
