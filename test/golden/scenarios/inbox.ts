import { defineService } from 'tardigrade'
import { assign, setup } from 'xstate'
import { note, type Scenario } from '../scenario.js'

/** At rest under two holds, with events in the inbox and keys of events that were seen. */
export const inbox: Scenario = {
  define(world) {
    const machine = setup({
      types: { context: {} as { seen: unknown[] } },
      actions: {
        see: assign({ seen: ({ context, event }) => [...context.seen, event] }),
        tell: ({ event }) => note(world, event.type),
      },
    }).createMachine({ id: 'inbox', context: { seen: [] }, on: { '*': { actions: ['see', 'tell'] } } })
    return defineService({ id: 'golden', version: 1, machine })
  },
  async lead({ service, clock }) {
    await service.send({ type: 'BEFORE' }, { key: 'one' })
    await service.pause()
    await service.pause('maintenance')
    await service.send({ type: 'WITH_KEY' }, { key: 'two' })
    clock.jump(250)
    await service.send({ type: 'WITHOUT', at: new Date(0), tags: new Set(['a']) } as { type: string })
  },
}
