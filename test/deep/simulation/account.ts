import { defineService, effectKey } from 'tardigrade'
import { assign, enqueueActions, setup } from 'xstate'

/** The process in which a service runs, as its effects meet it. */
export interface Surroundings {
  /** Something is done outside. */
  did(service: string, key: string | undefined, what: string): void
  /** Resolves when so much time has passed; never, when the process has died. */
  passes(ms: number): Promise<void>
}

export interface AccountContext {
  readonly name: string
  readonly applied: readonly number[]
  readonly due: readonly number[]
}

/** Within which an event falls due. */
const DELAY_MS = 50

/** How long the slow effect takes. */
const SLOW_MS = 20

/** A service with everything that an interruption could lose: its state, timers, effects at once and effects that take time. */
export function account({ did, passes }: Surroundings, earlyEffects: boolean) {
  const machine = setup({
    types: {
      context: {} as AccountContext,
      input: {} as { readonly name: string },
      events: {} as { readonly type: 'ADD' | 'DUE'; readonly n: number },
    },
    actions: {
      apply: assign({
        applied: ({ context, event }) => {
          // The canary acts while it still decides.
          if (earlyEffects) did(context.name, `early ${event.n}`, `ADD ${event.n}`)
          return [...context.applied, event.n]
        },
      }),
      fallDue: assign({ due: ({ context, event }) => [...context.due, event.n] }),
      arm: enqueueActions(({ enqueue, event: { n } }) => {
        enqueue.raise({ type: 'DUE', n }, { id: `due ${n}`, delay: DELAY_MS })
      }),
      tell: ({ context, event }) => {
        if (!earlyEffects) did(context.name, effectKey(), `${event.type} ${event.n}`)
      },
      tellSlowly: async ({ context, event }) => {
        const key = effectKey()
        await passes(SLOW_MS)
        did(context.name, key, `SLOW ${event.n}`)
      },
    },
  }).createMachine({
    id: 'account',
    context: ({ input: { name } }) => ({ name, applied: [], due: [] }),
    on: {
      ADD: { actions: ['apply', 'arm', 'tell', 'tellSlowly'] },
      DUE: { actions: ['fallDue', 'tell'] },
    },
  })
  return defineService({ id: 'account', version: 1, machine, pauseOn: ['offline', 'background'] })
}
