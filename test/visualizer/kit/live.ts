import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished } from 'vitest'
import { createMachine } from 'xstate'
import { activeStates, shows, type visiting } from './page.js'

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

/** The page of a supervisor that takes controls, on one lamp; all of it ends with the test. */
export async function controlled(visits: ReturnType<typeof visiting>) {
  const { supervisor, address } = await inspected(true)
  onTestFinished(() => supervisor.close().then(() => {}))
  const hall = await supervisor.start(lamp, { key: 'hall' })
  const { page, problems } = await visits.open(address)
  await shows(() => activeStates(page), ['lamp', 'off'])
  return { supervisor, hall, page, problems, controls: page.getByRole('region', { name: 'Controls' }) }
}
