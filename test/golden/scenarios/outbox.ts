import { defineService } from 'tardigrade'
import { assign, emit, fromCallback, log, sendTo, setup } from 'xstate'
import { note, type Scenario } from '../scenario.js'

/** Cut off when all of it was decided and none of it done: actions, an emitted event, a log line, a message. */
export const outbox: Scenario = {
  define(world) {
    const child = setup({
      actions: { tell: ({ event }) => note(world, `child ${event.type}`) },
    }).createMachine({
      initial: 'on',
      states: { on: { on: { END: 'off' } }, off: { type: 'final', entry: 'tell' } },
    })
    const machine = setup({
      types: { context: {} as { n: number }, emitted: {} as { type: 'told'; n: number } },
      actors: {
        child,
        socket: fromCallback<{ type: 'SAY' }>(({ receive }) => {
          receive(({ type }) => note(world, `socket ${type}`))
        }),
      },
      actions: {
        tell: ({ context, event }, { place }: { place: string }) =>
          note(world, `${place} ${event.type} ${context.n}`),
        count: assign({ n: ({ context }) => context.n + 1 }),
      },
    }).createMachine({
      id: 'outbox',
      context: { n: 0 },
      invoke: { src: 'socket', id: 'socket' },
      initial: 'on',
      // The child is gone when its action runs.
      states: { on: { invoke: { src: 'child', id: 'child', onDone: 'off' } }, off: {} },
      on: {
        GO: {
          actions: [
            { type: 'tell', params: { place: 'first' } },
            'count',
            { type: 'tell', params: { place: 'second' } },
            emit(({ context }) => ({ type: 'told' as const, n: context.n })),
            log(({ context }) => context.n, 'golden'),
            sendTo('socket', { type: 'SAY' }),
            sendTo('child', { type: 'END' }),
          ],
        },
      },
    })
    return defineService({ id: 'golden', version: 1, machine })
  },
  lead: ({ life, service }) => life.cutOff(service as never, { type: 'GO' } as never),
}
