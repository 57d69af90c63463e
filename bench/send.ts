import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { createActor } from 'xstate'
import { alternate, definition, machine, perSecond, type Row, thousands } from './kit.js'

const COUNT = 100_000
const AT_ONCE = 1000

const event = (index: number) => ({ type: index % 2 === 0 ? ('INC' as const) : ('GO' as const) })

function bare(): number {
  const actor = createActor(machine).start()
  const began = performance.now()
  for (let index = 0; index < COUNT; index++) actor.send(event(index))
  return perSecond(COUNT, performance.now() - began)
}

/** `send`, memory store, one service, not awaited one by one, against bare `actor.send`. */
export async function benchSend(): Promise<Row[]> {
  const supervisor = await createSupervisor({ store: memoryStore() })
  const service = await supervisor.start(definition)
  const ours = async () => {
    const began = performance.now()
    for (let sent = 0; sent < COUNT; sent += AT_ONCE) {
      const acknowledged: Promise<void>[] = []
      for (let index = 0; index < AT_ONCE; index++) acknowledged.push(service.send(event(index)))
      await Promise.all(acknowledged)
    }
    return perSecond(COUNT, performance.now() - began)
  }
  const result = await alternate(7, ours, bare)
  await supervisor.close()
  return [
    {
      what: 'send, memory store, not awaited one by one',
      ours: thousands(result.ours),
      yardstick: `${thousands(result.theirs)} bare actor.send`,
      figure: result.ratio.toFixed(2),
      goal: '≥ 0.5',
      met: result.ratio >= 0.5,
    },
  ]
}
