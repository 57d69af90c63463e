import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect } from 'vitest'
import { createMachine } from 'xstate'

export const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' }, after: { 3600000: 'off' } } },
  }),
})

/** A supervisor that shows itself, and its address. */
export async function inspected(control = false) {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, control, onListening: () => {} },
    onFailed: () => {},
    onWarning: () => {},
  })
  return { supervisor, address: supervisor.inspectAddress ?? expect.fail('no address') }
}
