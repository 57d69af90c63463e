import { readdirSync } from 'node:fs'
import { defineService } from 'tardigrade'
import {
  BrokenCaptureError,
  replay,
  type Step,
  UnverifiableError,
  verifyInterruptions,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { temporaryFolder } from '../kit/folder.js'
import { thrownBy } from './machines.js'

class Price {
  constructor(readonly cents: number) {}
}

/** Puts something into its context at the second of these. */
const shop = (held: () => unknown) =>
  setup({
    types: {
      context: {} as { open: boolean; held: unknown },
      events: {} as { type: 'OPEN' } | { type: 'ADD' },
    },
  }).createMachine({
    id: 'shop',
    context: { open: false, held: undefined },
    on: {
      OPEN: { actions: assign({ open: true }) },
      ADD: { guard: ({ context }) => context.open, actions: assign({ held }) },
    },
  })

const sends = ['OPEN', 'ADD'].map((type) => ({ do: 'send', event: { type } }))

describe('a state that no checkpoint can keep', () => {
  test.each([
    ['a closure', () => () => 1, 'context.held'],
    ['an object of a class that is not registered', () => new Price(5), 'Price'],
  ])(
    'is no part of a life, as of %s: told after the fewest steps, by a token, with what to do',
    async (_, held, named) => {
      const modes = [
        { seed: 1 },
        { mode: 'exhaustive', depth: 3 },
        { mode: 'crashPoints', sequences: [[{ do: 'advance', ms: 9 }, { type: 'OPEN' }, { type: 'ADD' }]] },
      ] as const
      for (const options of modes) {
        const broken = await thrownBy(verifyInterruptions(shop(held), options))
        expect(broken).toBeInstanceOf(BrokenCaptureError)
        const { steps, token, reason, remedy, message } = broken as BrokenCaptureError<Step>
        expect(steps).toEqual(sends)
        expect(reason).toContain(named)
        expect(message).toContain(`Token: ${token}\n${remedy}`)
        expect(await thrownBy(replay(shop(held), `${token}`))).toEqual(broken)
      }
    },
  )

  test('is kept in the corpus, and is none once the class is registered', async () => {
    const corpus = temporaryFolder()
    const machine = shop(() => new Price(5))
    await thrownBy(verifyInterruptions(machine, { corpus, seed: 1 }))
    expect(readdirSync(corpus)).toHaveLength(1)
    const definition = defineService({ id: 'shop', version: 1, machine, classes: { Price } })
    const { figures } = await verifyInterruptions(definition, { corpus, seed: 1 })
    expect(figures).toMatchObject({ fromCorpus: 1, failed: {} })
  })

  test('at its start is what makes it unverifiable', async () => {
    const machine = setup({}).createMachine({ id: 'shop', context: { held: () => 1 }, on: { GO: {} } })
    const thrown = await thrownBy(verifyInterruptions(machine))
    expect(thrown).toBeInstanceOf(UnverifiableError)
    expect((thrown as Error).message).toContain('it fails at its start with UnencodableError')
  })
})
