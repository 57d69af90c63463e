import { type VerifyOptions, type VerifyReport, verifyInterruptions } from 'tardigrade/testing'
import { expectTypeOf, test } from 'vitest'
import { setup } from 'xstate'

const machine = setup({
  types: {
    context: {} as { n: number },
    input: {} as { most: number },
    events: {} as { type: 'ADD'; by: number } | { type: 'CLEAR' },
  },
}).createMachine({ context: { n: 0 }, initial: 'a', states: { a: {} } })

type Options = VerifyOptions<typeof machine>

test('events, input and snapshots are the machine’s', () => {
  expectTypeOf(verifyInterruptions(machine, { input: { most: 1 } })).resolves.toEqualTypeOf<VerifyReport>()
  const key: Extract<Options, { mode: 'exhaustive' }>['key'] = ({ context }) => {
    expectTypeOf(context).toEqualTypeOf<{ n: number }>()
    return context.n
  }
  void key
  void verifyInterruptions(machine, { mode: 'exhaustive', events: [{ type: 'ADD', by: 1 }], depth: 2 })
  // @ts-expect-error: no event of this machine
  void verifyInterruptions(machine, { events: [{ type: 'OTHER' }] })
  // @ts-expect-error: no input of this machine
  void verifyInterruptions(machine, { input: { least: 1 } })
})

test('each mode has its own options', () => {
  void verifyInterruptions(machine, {
    mode: 'crashPoints',
    sequences: [[{ type: 'CLEAR' }, { do: 'advance', ms: 5 }]],
  })
  void verifyInterruptions(machine, {
    mode: 'crashPoints',
    sequences: [
      [
        { type: 'ADD', by: 1 },
        { do: 'send', event: { type: 'ADD', by: 2 } },
      ],
    ],
  })
  // @ts-expect-error: no event of this machine
  void verifyInterruptions(machine, { mode: 'crashPoints', sequences: [[{ type: 'OTHER' }]] })
  // @ts-expect-error: its data are missing
  void verifyInterruptions(machine, { mode: 'crashPoints', sequences: [[{ type: 'ADD' }]] })
  // @ts-expect-error: nothing is counted in runs there
  void verifyInterruptions(machine, { mode: 'exhaustive', runs: 5 })
  // @ts-expect-error: it has no end without sequences
  void verifyInterruptions(machine, { mode: 'crashPoints' })
  // @ts-expect-error: no such oracle
  void verifyInterruptions(machine, { effects: { mail: 'twice' } })
})
