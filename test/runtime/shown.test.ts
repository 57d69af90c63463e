import { createSupervisor, defineService, type Supervisor, type TardigradeError } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { collected } from '../kit/garbage.js'

const definition = defineService({ id: 's', version: 1, machine: createMachine({ id: 's' }) })

/** A service that was stopped and that nobody holds any more: a `get` revives it to be seen, and stopped. */
async function forgotten() {
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store })
  await collected(await stopped(supervisor))
  return { store, supervisor }
}

async function stopped(supervisor: Supervisor): Promise<WeakRef<object>> {
  const service = await supervisor.start(definition)
  await service.stop()
  return new WeakRef(service)
}

test('a start beside a get of a stopped service starts it, at any moment', async () => {
  for (let moment = 0; moment < 20; moment++) {
    const { supervisor } = await forgotten()
    const got = supervisor.get('s')
    await microtasks(moment)
    const started = await supervisor.start(definition)
    await got
    await settle()
    expect(started.getSnapshot().value, `after ${moment}`).toBe('running')
    await supervisor.close()
  }
})

test('a get of a stopped service that is under way as the supervisor closes makes no service any more', async () => {
  for (const loads of ['before the store is closed', 'after it']) {
    const { store, supervisor } = await forgotten()
    if (loads === 'after it') store.loads.shut()
    const got = supervisor.get('s').catch((error: TardigradeError) => error.code)
    await microtasks(2)
    await supervisor.close()
    store.loads.open()
    expect(await got, loads).toBe('SUPERVISOR_CLOSED')
  }
})
