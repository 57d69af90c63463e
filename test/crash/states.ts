// A service that goes round through every state of its lifecycle. It says each state as it comes to it, each event that was
// acknowledged, and at first what the process before has left.
import { writeSync } from 'node:fs'
import { createSupervisor, defineService, type Service } from 'tardigrade'
import { nodeHost } from 'tardigrade/hosts/node'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { assign, setup } from 'xstate'

const [folder = '', first = '1'] = process.argv.slice(2)

/** At once: a line that the parent has not seen was never said. */
const say = (line: string) => writeSync(1, `${line}\n`)

/** In this process alone: an event that it took into its inbox as it ended fails no other. */
let fails = false

const machine = setup({
  types: {
    context: {} as { readonly taken: readonly number[] },
    events: {} as { readonly type: 'ADD'; readonly n: number } | { readonly type: 'FAIL' | 'END' },
  },
}).createMachine({
  id: 'states',
  context: { taken: [] },
  initial: 'on',
  on: {
    ADD: { actions: assign({ taken: ({ context, event }) => [...context.taken, event.n] }) },
    FAIL: {
      actions: assign(() => {
        if (fails) throw new Error('it is to fail')
        return {}
      }),
    },
    END: '.over',
  },
  states: { on: {}, over: { type: 'final' } },
})

const definition = defineService({ id: 'states', version: 1, machine })
const supervisor = await createSupervisor({
  store: sqliteStore(folder),
  host: nodeHost(),
  onFailed: () => {},
})

async function start(key: string): Promise<Service<typeof machine>> {
  const service = await supervisor.start(definition, { key })
  say(`in ${service.getSnapshot().value}`)
  service.subscribe(({ value }) => say(`in ${value}`))
  return service
}

let n = Number(first)

async function add(service: Service<typeof machine>): Promise<void> {
  const mine = n++
  await service.send({ type: 'ADD', n: mine }, { key: `event-${mine}` })
  say(`done ${mine}`)
}

async function goRound(): Promise<void> {
  let service = await start('round')
  // As it was when the process before it ended; what waits in its inbox is applied.
  if (service.getSnapshot().value === 'failed') await service.retry()
  await service.resume()
  await service.settled()
  say(`left ${service.machine.getSnapshot().context.taken.join(' ')}`)
  for (;;) {
    await add(service)
    await service.checkpoint()
    await service.pause()
    await add(service)
    await service.resume()
    await service.stop()
    service = await start('round')
    fails = true
    await service.send({ type: 'FAIL' }).catch(() => {})
    fails = false
    await service.retry()
    const other = await start(`over-${n}`)
    await other.send({ type: 'END' })
    await add(service)
  }
}

// What is refused as the supervisor closes is no failure; the host ends the process.
await goRound().catch((error: Error) => console.error(error))
