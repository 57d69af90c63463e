// A service with everything that a crash could lose: events, timers, effects. It is told what to do line by
// line (`send N`, `pause`, `resume`, `settle`) and answers when that is durable.
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { createSupervisor, defineService, effectKey } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { assign, enqueueActions, setup } from 'xstate'

const [folder = '', effectsFile = ''] = process.argv.slice(2)

/** Long enough that most kills find some timers under way. */
const DELAY_MS = 150
const LINGER_MS = 30

const machine = setup({
  types: {
    context: {} as { readonly taken: readonly number[]; readonly due: readonly number[] },
    events: {} as { readonly type: 'ADD' | 'DUE'; readonly n: number },
  },
  actions: {
    take: assign({ taken: ({ context, event }) => [...context.taken, event.n] }),
    takeDue: assign({ due: ({ context, event }) => [...context.due, event.n] }),
    armTimer: enqueueActions(({ enqueue, event: { n } }) => {
      enqueue.raise({ type: 'DUE', n }, { id: `due-${n}`, delay: DELAY_MS })
    }),
    write: ({ event }) => appendFileSync(effectsFile, `${effectKey()} ${event.type} ${event.n}\n`),
    writeLater: async ({ event }) => {
      const key = effectKey()
      // A kill meets some of them before they wrote, and some when they wrote and are not yet known to be done.
      if (event.n % 2 === 0) await setTimeout(LINGER_MS)
      appendFileSync(effectsFile, `${key} LATER ${event.n}\n`)
      if (event.n % 2 === 1) await setTimeout(LINGER_MS)
    },
  },
}).createMachine({
  id: 'fixture',
  context: { taken: [], due: [] },
  on: {
    ADD: { actions: ['take', 'armTimer', 'write', 'writeLater'] },
    DUE: { actions: ['takeDue', 'write'] },
  },
})

const definition = defineService({ id: 'fixture', version: 1, machine })
const supervisor = await createSupervisor({ store: sqliteStore(folder) })
const service = await supervisor.start(definition)
const state = () => service.machine.getSnapshot().context

/** Resolves when no timer is left and every effect is done. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (state().due.length >= state().taken.length) resolve()
    }
    service.machine.subscribe(look)
    look()
  })
  await service.settled()
}

const commands: Readonly<Record<string, (n: number) => Promise<unknown>>> = {
  send: (n) => service.send({ type: 'ADD', n }, { key: `event-${n}` }),
  pause: () => service.pause(),
  resume: () => service.resume(),
  settle,
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [command = '', n] = line.split(' ')
  await commands[command]?.(Number(n))
  console.log(command === 'settle' ? `settled ${JSON.stringify(state())}` : `${line} done`)
})
console.log(`ready ${service.getSnapshot().value}`)
