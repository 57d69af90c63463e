import { verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { type AnyMachineSnapshot, assign, setup } from 'xstate'

interface Held {
  readonly box: { readonly n: number }
}

const keeper = setup({ types: { context: {} as Held, input: {} as Held } }).createMachine({
  id: 'keeper',
  context: ({ input }) => ({ box: input.box }),
})

/** Gives its child the very object that it has, or one like it. */
const giving = (given: (box: Held['box']) => Held['box']) =>
  setup({
    types: { context: {} as Held & { looks: number }, events: {} as { type: 'LOOK' } },
    actors: { keeper },
  }).createMachine({
    id: 'giver',
    context: () => ({ box: { n: 1 }, looks: 0 }),
    invoke: { src: 'keeper', id: 'keeper', input: ({ context: { box } }) => ({ box: given(box) }) },
    on: { LOOK: { actions: assign({ looks: ({ context }) => (context.looks + 1) % 3 }) } },
  })

const itself = giving((box) => box)
const copied = giving((box) => ({ ...box }))

const boxOfChild = ({ children }: AnyMachineSnapshot): unknown =>
  (children.keeper?.getSnapshot() as AnyMachineSnapshot | undefined)?.context.box

// What is compared has each actor by itself, so this is what an invariant is for.
test('an object that parent and child hold is one after every interruption, as an invariant sees', async () => {
  let looks = 0
  await verifyInterruptions(itself, {
    seed: 1,
    runs: 50,
    invariants: {
      'the very same': (snapshot) => {
        looks++
        return boxOfChild(snapshot) === snapshot.context.box
      },
    },
  })
  expect(looks).toBeGreaterThan(100)
})

test('that they hold one and the same is in nothing that is compared', async () => {
  const compared = async (machine: typeof itself) => {
    const seen: unknown[] = []
    const normalize = (all: object) => {
      seen.push(structuredClone(all))
      return all
    }
    await verifyInterruptions(machine, { seed: 1, runs: 2, mostSteps: 3, normalize })
    return seen
  }
  expect(await compared(copied)).toEqual(await compared(itself))
})
