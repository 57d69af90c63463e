import { UnverifiableError, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, setup } from 'xstate'
import { thrownBy } from './machines.js'

type Basket = { readonly items: string[]; readonly kept: Map<string, number> }

/** Changes what is in its context, and gives nothing new. */
const basket = (context: Basket | (() => Basket)) =>
  setup({
    types: { context: {} as Basket, events: {} as { type: 'ADD' } | { type: 'KEEP' } },
  }).createMachine({
    id: 'basket',
    context,
    on: {
      ADD: { actions: ({ context }) => void context.items.push('cup') },
      KEEP: { actions: ({ context }) => void context.kept.set('cup', 1) },
    },
  })

const shared = (): Basket => ({ items: [], kept: new Map() })

describe('a first context that is changed in place', () => {
  const contexts: [string, () => AnyStateMachine][] = [
    ['an object of the config', () => basket(shared())],
    [
      'an object of the module',
      () => {
        const one = shared()
        return basket(() => ({ ...one }))
      },
    ],
  ]
  test.each(contexts)('is told as that, with its place: %s', async (_, machine) => {
    for (const options of [{ seed: 1 }, { mode: 'exhaustive' as const, depth: 2 }]) {
      const refused = await thrownBy(
        verifyInterruptions(machine(), { ...options, events: [{ type: 'ADD' }] }),
      )
      expect(refused).toBeInstanceOf(UnverifiableError)
      expect((refused as Error).message).toMatch(
        /The machine’s first context .* changed in place.*: context\.items\.0 is "cup", and nothing where it began first\. .*`context: \(\) => \({ items: \[\] }\)`/,
      )
    }
  })

  test('in a Map too, where an invariant is what is broken of it', async () => {
    const refused = await thrownBy(
      verifyInterruptions(basket(shared()), {
        events: [{ type: 'KEEP' }],
        invariants: { none: ({ context }) => context.kept.size < 1 },
      }),
    )
    expect((refused as Error).message).toContain('context.kept.1 is ["cup",1], and nothing where it began')
  })

  test('of a machine inside it, by the name of the actor', async () => {
    const outer = setup({ actors: { inner: basket(shared()) } }).createMachine({
      id: 'outer',
      invoke: { src: 'inner', id: 'inner' },
      on: { ADD: { actions: ({ self }) => self.getSnapshot().children.inner?.send({ type: 'ADD' }) } },
    })
    const refused = await thrownBy(verifyInterruptions(outer, { seed: 1 }))
    expect((refused as Error).message).toMatch(/^The actor “inner”’s first context .*context\.items\.0/)
  })

  test('is no matter where each has its own, or `assign` gives new values', async () => {
    const own = await thrownBy(verifyInterruptions(basket(shared), { events: [{ type: 'ADD' }], seed: 1 }))
    expect(String(own)).not.toContain('changed in place')
    const sound = setup({ types: { context: {} as { n: number } } }).createMachine({
      id: 'sound',
      context: { n: 0 },
      on: { ADD: { actions: assign({ n: () => Math.random() }) } },
    })
    const flaky = await thrownBy(verifyInterruptions(sound, { seed: 1 }))
    expect(flaky).toMatchObject({ code: 'FLAKY_MACHINE' })
  })
})
