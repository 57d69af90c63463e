import { defineService } from 'tardigrade'
import { type AnyActorRef, assign, fromTransition, sendTo, setup, stopChild } from 'xstate'
import { note, type Scenario } from '../scenario.js'

/** Children invoked and spawned, of children too; a system id; one that is watched; references, also to one that ended. */
export const children: Scenario = {
  define(world) {
    const leaf = setup({
      types: { context: {} as { n: number } },
      actions: { tell: ({ context }) => note(world, `leaf ${context.n}`) },
    }).createMachine({
      context: { n: 0 },
      on: { PING: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'tell'] } },
    })
    const branch = setup({ actors: { leaf } }).createMachine({
      invoke: { src: 'leaf', id: 'leaf' },
      entry: sendTo('leaf', { type: 'PING' }, { delay: 4000 }),
      on: { PING: { actions: sendTo('leaf', { type: 'PING' }) } },
    })
    const tally = fromTransition((sum: number, event: { type: 'ADD'; by: number }) => sum + event.by, 0)
    interface Context {
      kids: Map<string, AnyActorRef>
      all: Set<AnyActorRef>
      last: AnyActorRef | undefined
      gone: AnyActorRef | undefined
      heard: number
    }
    const machine = setup({
      types: { context: {} as Context },
      actors: { branch, tally },
      actions: {
        bear: assign(({ context, spawn }) => {
          const kid = spawn('branch', { id: `kid${context.kids.size}` })
          const { kids, all } = context
          return { kids: new Map(kids).set(kid.id, kid), all: new Set(all).add(kid), last: kid }
        }),
        lose: assign({ gone: ({ context }) => context.kids.get('kid0') }),
      },
    }).createMachine({
      id: 'children',
      context: { kids: new Map(), all: new Set(), last: undefined, gone: undefined, heard: 0 },
      invoke: {
        src: 'tally',
        id: 'tally',
        systemId: 'the-tally',
        onSnapshot: { actions: assign({ heard: ({ context }) => context.heard + 1 }) },
      },
      on: {
        BEAR: { actions: ['bear', sendTo('tally', { type: 'ADD', by: 1 })] },
        PING: { actions: sendTo(({ context }) => context.last as AnyActorRef, { type: 'PING' }) },
        LOSE: { actions: ['lose', stopChild('kid0')] },
      },
    })
    return defineService({ id: 'golden', version: 1, machine })
  },
  async lead({ service }) {
    for (const type of ['BEAR', 'BEAR', 'BEAR', 'PING', 'LOSE']) await service.send({ type })
    await service.settled()
    await service.checkpoint()
  },
}
