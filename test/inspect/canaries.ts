import { defineService, type Supervisor } from 'tardigrade'
import { assign, fromPromise, raise, sendTo, setup } from 'xstate'

/** Fifty secrets, each in a place of its own, and what a service does with them. */
export class Canaries {
  readonly all: string[] = []

  readonly #one = (): string => {
    const canary = `canary-${String(this.all.length + 1).padStart(2, '0')}-${this.all.length * 7919}`
    this.all.push(canary)
    return canary
  };

  /** The secrets that stand in a text. */
  in(text: string): readonly string[] {
    return this.all.filter((canary) => text.includes(canary))
  }

  /** What holds secrets in every way that a checkpoint can keep. */
  #holding() {
    const one = this.#one
    return {
      secret: one(),
      deep: { a: { b: [{ secret: one() }, { secret: { inside: one() } }] } },
      map: new Map<string, unknown>([
        ['secret', one()],
        ['other', { secret: one() }],
      ]),
      set: new Set([{ secret: one() }]),
      error: Object.assign(new Error(one(), { cause: new Error(one()) }), { secret: one() }),
    }
  }

  #vault() {
    const one = this.#one
    const passed = { type: 'PASSED', secret: one() }
    const kept = setup({}).createMachine({ id: 'kept', context: { holder: { secret: one() } } })
    const machine = setup({
      types: {
        context: {} as { held: unknown; more: unknown },
        events: {} as { type: string; secret?: unknown },
      },
      actors: {
        kept,
        works: fromPromise(async ({ input }: { input: unknown }) => ({ secret: one(), input })),
        fails: fromPromise(async () => {
          throw Object.assign(new Error(one()), { secret: one() })
        }),
      },
      actions: { tell: () => {} },
    }).createMachine({
      id: 'vault',
      context: ({ input }) => ({ held: { input, ...this.#holding() }, more: undefined }),
      initial: 'open',
      invoke: { id: 'kept', src: 'kept' },
      on: {
        PUT: { actions: assign({ more: ({ event }) => event }) },
        TELL: { actions: { type: 'tell', params: { secret: one() } } },
        PASS: { actions: sendTo('kept', () => passed) },
        LATER: { actions: raise({ type: 'DUE', secret: one() }, { delay: 3_600_000 }) },
        WORK: '.working',
        END: '.over',
      },
      states: {
        open: {},
        working: {
          invoke: { id: 'works', src: 'works', input: { secret: one() }, onDone: 'failing' },
        },
        failing: { invoke: { id: 'fails', src: 'fails', onError: 'open' } },
        over: { type: 'final' },
      },
      output: { secret: one() },
    })
    return defineService({ id: 'vault', version: 1, machine })
  }

  /** What fails as it acts, and keeps why. */
  #broken() {
    const one = this.#one
    const machine = setup({
      actions: {
        act: () => {
          throw Object.assign(new Error(one(), { cause: new Error(one()) }), { secret: one() })
        },
      },
    }).createMachine({ id: 'broken', on: { ACT: { actions: 'act' } } })
    return defineService({ id: 'broken', version: 1, machine })
  }

  /** A life in which all of them come to where somebody might see them. */
  async live(supervisor: Supervisor): Promise<void> {
    const one = this.#one
    const vault = await supervisor.start(this.#vault(), {
      key: 'vault',
      input: { secret: one(), list: [{ secret: one() }] },
    })
    await vault.send({ type: 'PUT', secret: one() }, { key: 'first' })
    await vault.send({ type: 'PUT', ...this.#holding() })
    await vault.send({ type: 'PUT', secret: one() }, { key: 'second' })
    for (const type of ['TELL', 'PASS', 'LATER']) await vault.send({ type, secret: one() })
    await vault.send({ type: 'WORK', secret: one() })
    await new Promise<void>((resolve) => {
      const look = () => {
        if (vault.machine.getSnapshot().value === 'open') resolve()
        else setImmediate(look)
      }
      look()
    })
    await vault.pause('user')
    await vault.send({ type: 'PUT', ...this.#holding() })
    await vault.resume('user')
    await vault.send({ type: 'PUT', secret: one() })
    const broken = await supervisor.start(this.#broken(), { key: 'broken' })
    await broken.send({ type: 'ACT', secret: one() }).catch(() => {})
    await vault.send({ type: 'END', secret: one() })
  }
}
