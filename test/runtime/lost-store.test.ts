import { createSupervisor, defineService, StaleEpochError, type Store, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { Gate } from '../kit/gate.js'
import { counter } from './machines.js'

/** A store that says that it is another's now, when it is told to; what it reads passes the gate. */
function losing(gate = new Gate()) {
  let lose = (_why: Error) => {}
  const lost = new Promise<Error>((resolve) => {
    lose = resolve
  })
  const inner = memoryStore()
  const store: Store = {
    ...inner,
    claim: async () => {
      const claim = await inner.claim()
      const load: typeof claim.load = async (key) => {
        await gate.pass()
        return claim.load(key)
      }
      return { ...claim, epoch: claim.epoch, lost, load }
    },
  }
  return { store, lose }
}

test('a store that is known to be lost has what is at work fail, its tasks end, and what rests rest', async () => {
  const { store, lose } = losing()
  const told: unknown[] = []
  const supervisor = await createSupervisor({
    store,
    onFailed: ({ key }, error) => void told.push([key, error]),
  })
  onTestFinished(async () => void (await supervisor.close()))
  let aborted = false
  const work = task(({ signal }) => {
    signal.addEventListener('abort', () => {
      aborted = true
    })
    return new Promise<void>(() => {})
  })
  const machine = setup({ actors: { work } }).createMachine({ invoke: { src: 'work', id: 'work' } })
  const worker = defineService({ id: 'worker', version: 1, machine })
  const [first, second] = [
    await supervisor.start(worker, { key: 'first' }),
    await supervisor.start(worker, { key: 'second' }),
  ]
  const resting = await supervisor.start(counter(), { key: 'resting' })
  await resting.pause()
  await settle()
  lose(new StaleEpochError(1, 2))
  await settle()
  expect([first, second, resting].map((service) => service.getSnapshot().value)).toEqual([
    'failed',
    'failed',
    'paused',
  ])
  expect(aborted).toBe(true)
  expect(told).toMatchObject([
    ['first', { code: 'STALE_EPOCH', service: 'worker', key: 'first' }],
    ['second', { code: 'STALE_EPOCH', service: 'worker', key: 'second' }],
  ])
})

test('what is being loaded when the store is lost fails as soon as it goes on', async () => {
  const gate = new Gate()
  const { store, lose } = losing(gate)
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  onTestFinished(async () => void (await supervisor.close()))
  gate.shut()
  const starting = supervisor.start(counter())
  await settle()
  lose(new StaleEpochError(1, 2))
  await settle()
  gate.open()
  const service = await starting
  await settle()
  expect(service.getSnapshot()).toMatchObject({
    value: 'failed',
    context: { failure: { code: 'STALE_EPOCH', key: 'counter' } },
  })
})
