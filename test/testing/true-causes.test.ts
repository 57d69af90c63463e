import { defineService, InvalidOptionError } from 'tardigrade'
import { UnverifiableError, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyEventObject, createMachine, type MachineConfig } from 'xstate'
import { gate, thrownBy } from './machines.js'

const mistake = new Error('no such thing')
const fails = () => {
  throw mistake
}

test.each(['normalize', 'key'] as const)(
  'a %s that throws is named, and what it threw is kept',
  async (option) => {
    const thrown = await thrownBy(
      verifyInterruptions(gate, { mode: 'exhaustive', depth: 1, [option]: fails }),
    )
    expect(thrown).toBeInstanceOf(InvalidOptionError)
    expect(thrown).toMatchObject({ option, cause: mistake })
    expect((thrown as Error).message).toContain(
      `The option ${option} is a function that threw Error: no such thing.`,
    )
  },
)

const spinning = { a: { always: 'b' }, b: { always: 'a' } }

describe('a machine without events that cannot begin is told as that', () => {
  test.each([
    ['an endless always', { initial: 'a', states: spinning }, 'a transition of it never ends'],
    ['a context that throws', { context: fails }, 'it fails at its start with Error: no such thing'],
  ])('%s', async (_, config, says) => {
    const machine = createMachine({ id: 'still', ...config } as MachineConfig<object, AnyEventObject>)
    for (const mode of ['random', 'exhaustive'] as const) {
      const thrown = await thrownBy(
        verifyInterruptions(defineService({ id: 'still', version: 1, machine }), { mode }),
      )
      expect(thrown).toBeInstanceOf(UnverifiableError)
      expect((thrown as Error).message).toContain(says)
    }
  })
})
