import { connect } from 'node:net'
import { join } from 'node:path'
import { createSupervisor, defineService, type Supervisor, type SupervisorOptions, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { onTestFinished } from 'vitest'
import { assign, setup } from 'xstate'
import { type ServeControlOptions, serveControl } from '../../src/control/index.js'

/** Whether `BREAK` makes the service fail. */
export const bulb = { bad: true }

const endless = new Set<() => void>()

const machine = setup({
  types: { context: {} as { presses: number } },
  actions: {
    explode: () => {
      if (bulb.bad) throw new Error('the bulb burst')
    },
  },
  actors: { endless: task(() => new Promise<void>((resolve) => endless.add(resolve))) },
}).createMachine({
  id: 'lamp',
  context: { presses: 0 },
  initial: 'off',
  on: {
    BREAK: { actions: 'explode' },
    UNSCREW: '.gone',
    BUSY: '.busy',
    PRESS: { actions: assign({ presses: ({ context }) => context.presses + 1 }) },
  },
  states: {
    off: { on: { SWITCH: 'on' } },
    on: {},
    busy: { invoke: { src: 'endless' } },
    gone: { type: 'final' },
  },
})

/** A service whose task, in `busy`, reaches no step until the test is over. */
export const lamp = defineService({ id: 'lamp', version: 1, machine })

/** A supervisor of lamps in memory that listens in the folder. */
export async function served(
  folder: string,
  options: ServeControlOptions = {},
  more: Partial<SupervisorOptions> = {},
): Promise<{ readonly supervisor: Supervisor; readonly stop: () => Promise<void> }> {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    definitions: [lamp],
    onFailed: () => {},
    ...more,
  })
  const stop = await serveControl(supervisor, folder, options)
  onTestFinished(async () => {
    await stop()
    for (const end of endless) end()
    await supervisor.close()
  })
  return { supervisor, stop }
}

/** Writes raw bytes to the socket, ends its half, and resolves with all that comes back. */
export function raw(folder: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = ''
    const socket = connect(join(folder, 'control.sock'))
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      reply += text
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(reply))
    socket.end(bytes)
  })
}
