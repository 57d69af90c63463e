import { setTimeout } from 'node:timers/promises'
import { createSupervisor, type Store, type StoreClaim } from 'tardigrade'
import { definition, type Row } from './kit.js'

const LIVE = 20_000
const SLEEPING = 100_000

/** A store that keeps nothing, so that only the services are measured. */
const nowhere: Store = {
  location: 'nowhere',
  durability: 'none',
  read: () => Promise.reject(new Error('nothing is kept')),
  claim: async (): Promise<StoreClaim> => ({
    epoch: 1,
    load: async () => undefined,
    history: async () => [],
    list: async () => [],
    quarantined: async () => [],
    owner: async () => undefined,
    commit: async (batch) => batch.map(() => ({ ok: true })),
    quarantine: async () => {},
    remove: async () => {},
    close: async () => {},
  }),
}

async function heap(): Promise<number> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run with --expose-gc')
  for (let turn = 0; turn < 3; turn++) {
    await setTimeout(20)
    gc()
  }
  return process.memoryUsage().heapUsed
}

/** Heap of a live idle service with a small machine, and of a sleeping one. */
export async function benchHeap(): Promise<Row[]> {
  const supervisor = await createSupervisor({ store: nowhere })
  const before = await heap()
  const start = async (count: number, first: number) => {
    for (let index = 0; index < count; index++)
      await supervisor.start(definition, { key: `service-${first + index}` })
  }
  await start(LIVE, 0)
  const live = ((await heap()) - before) / LIVE
  supervisor.letGoIdle()
  for (let slept = LIVE; slept < SLEEPING; slept += LIVE) {
    await start(LIVE, slept)
    await setTimeout(5)
    supervisor.letGoIdle()
  }
  if (supervisor.sleeping !== SLEEPING) throw new Error(`only ${supervisor.sleeping} sleep`)
  const sleeping = ((await heap()) - before) / SLEEPING
  await supervisor.close()
  return [
    {
      what: `heap of a live idle service (of ${LIVE.toLocaleString('en')})`,
      ours: `${(live / 1000).toFixed(1)} kB`,
      yardstick: '',
      figure: `${(live / 1000).toFixed(1)} kB`,
      goal: '< 20 kB',
      met: live < 20_000,
    },
    {
      what: `heap of a sleeping service (of ${SLEEPING.toLocaleString('en')})`,
      ours: `${sleeping.toFixed(0)} B`,
      yardstick: '',
      figure: `${sleeping.toFixed(0)} B`,
      goal: '< 200 B',
      met: sleeping < 200,
    },
  ]
}
