import {
  createSupervisor,
  defineService,
  type Service,
  SupervisorClosedError,
  TardigradeError,
} from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { createMachine, waitFor } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { counter } from './machines.js'

type Counter = Service<ReturnType<typeof counter>['machine']>

/** A service in each state, on a supervisor that is about to close. */
async function furnished() {
  const [store, clock, failures] = [new FaultyStore(), new ManualClock(), [] as Error[]]
  const supervisor = await createSupervisor({
    store,
    clock,
    onFailed: (_, error) => void failures.push(error),
  })
  const start = (key: string) => supervisor.start(counter(), { key })
  const asleep = await start('asleep')
  await settle()
  supervisor.letGoIdle()
  const services: Record<string, Counter> = { asleep, running: await start('running') }
  for (const state of ['paused', 'stopped', 'failed', 'done']) {
    const service = await start(state)
    services[state] = service
    if (state === 'paused') await service.pause()
    if (state === 'stopped') await service.stop()
    if (state === 'failed') await service.send({ type: 'BOOM' }).catch(() => {})
    if (state === 'done') await service.send({ type: 'END' })
    await settle()
  }
  await waitFor(services.done ?? asleep, ({ value }) => value === 'done')
  return { store, clock, supervisor, services, failures }
}

const states = ['asleep', 'running', 'paused', 'stopped', 'failed', 'done'] as const

describe.each(['closing', 'closed'] as const)('a supervisor that is %s', (when) => {
  test('refuses to start, get, remove and list, whatever the key, by name', async () => {
    const { store, supervisor } = await furnished()
    if (when === 'closing') store.shut()
    const closing = supervisor.close()
    if (when === 'closed') await closing
    const other = defineService({ id: 'other', version: 1, machine: createMachine({}) })
    const loads = store.loaded.length
    for (const key of [...states, 'unknown']) {
      const refused = [
        supervisor.start(counter(), { key }),
        supervisor.start(other, { key }),
        supervisor.get(key),
        supervisor.remove(key),
      ]
      for (const answer of await Promise.allSettled(refused)) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'SUPERVISOR_CLOSED', key } })
        expect((answer as PromiseRejectedResult).reason).toBeInstanceOf(SupervisorClosedError)
      }
    }
    for (const refused of [supervisor.list(), supervisor.resumeAll(), supervisor.stored('running')])
      await expect(refused).rejects.toBeInstanceOf(SupervisorClosedError)
    expect(store.loaded).toHaveLength(loads)
    store.open()
    await closing
    expect([...store.durable.keys()].sort()).toEqual([...states].sort())
  })
})

describe('a service whose supervisor is closed', () => {
  const calls: Record<string, (service: Counter) => Promise<void>> = {
    send: (service) => service.send({ type: 'ADD' }),
    'send with a key': (service) => service.send({ type: 'ADD' }, { key: 'new' }),
    pause: (service) => service.pause('maintenance'),
    resume: (service) => service.resume('shutdown'),
    checkpoint: (service) => service.checkpoint(),
    stop: (service) => service.stop(),
    retry: (service) => service.retry(),
    settled: (service) => service.settled(),
  }

  test.each(Object.entries(calls))(
    'answers with a typed error, or says what is so already: %s',
    async (name, call) => {
      const { store, clock, supervisor, services, failures } = await furnished()
      await supervisor.close()
      const before = [...store.durable.values()]
      const standing = () => Object.values(services).map(({ lifecycle }) => lifecycle.getSnapshot())
      const [stood, told] = [standing(), [...failures]]
      for (const state of states) {
        const service = services[state]
        if (service === undefined) throw new Error(`none is ${state}`)
        const [answer] = await Promise.allSettled([call(service)])
        if (name.startsWith('send')) expect(answer, state).toMatchObject({ status: 'rejected' })
        if (answer?.status === 'rejected') expect(answer.reason, state).toBeInstanceOf(TardigradeError)
        if (name.startsWith('send') || name === 'settled') continue
        expect(answer, state).toMatchObject({
          status: 'rejected',
          reason: { code: 'SUPERVISOR_CLOSED', service: 'counter', key: state },
        })
      }
      await settle()
      await clock.advance(100_000)
      // It was safe, and stays what it was.
      expect(standing()).toEqual(stood)
      expect(failures).toEqual(told)
      // Nothing more was written, and nothing waits to be.
      expect([...store.durable.values()]).toEqual(before)
      expect(clock.pending).toBe(0)
    },
  )

  test('takes no event: one that rests says that the supervisor is closed, one at its end that it has ended', async () => {
    const { supervisor, services } = await furnished()
    await supervisor.close()
    const codes: Record<string, unknown> = {}
    for (const [state, service] of Object.entries(services)) {
      await service.send({ type: 'ADD' }).catch((error: TardigradeError) => {
        codes[state] = error.code
      })
    }
    expect(codes).toEqual({
      asleep: 'SUPERVISOR_CLOSED',
      running: 'SUPERVISOR_CLOSED',
      paused: 'SUPERVISOR_CLOSED',
      stopped: 'SERVICE_ENDED',
      failed: 'SERVICE_ENDED',
      done: 'SERVICE_ENDED',
    })
  })
})
