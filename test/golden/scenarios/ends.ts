import { defineService } from 'tardigrade'
import { setup } from 'xstate'
import { note, type Scenario, type World } from '../scenario.js'

function ending(world: World) {
  const machine = setup({
    types: { output: {} as { at: Date; by: string } },
    actions: {
      tell: ({ event }) => note(world, event.type),
      fail: () => {
        if (world.writing) throw new Error('out of order')
        note(world, 'in order again')
      },
    },
  }).createMachine({
    id: 'ends',
    initial: 'open',
    states: {
      open: { on: { END: { target: 'over', actions: 'tell' }, FAIL: { actions: ['tell', 'fail'] } } },
      over: { type: 'final' },
    },
    output: { at: new Date(0), by: 'END' },
  })
  return defineService({ id: 'golden', version: 1, machine })
}

/** At its end, with an output. */
export const done: Scenario = {
  define: ending,
  async lead({ service }) {
    await service.send({ type: 'END' })
    await service.settled()
  },
}

/** Failed: an effect threw, and is owed under its key; the failure is noted. */
export const failed: Scenario = {
  define: ending,
  async lead({ service }) {
    await service.send({ type: 'FAIL' }).catch(() => {})
  },
}

/** Stopped by the program. */
export const stopped: Scenario = {
  define: ending,
  lead: ({ service }) => service.stop(),
}
