import { createSupervisor, defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'

const machine = setup({ types: { events: {} as { type: 'END' } | { type: 'POKE' } } }).createMachine({
  initial: 'on',
  states: { on: { on: { END: 'off' } }, off: { type: 'final' } },
})
const definition = defineService({ id: 'ended', version: 1, machine })

/** Is about to end with an effect that takes for ever; the commit of that waits. */
async function ending() {
  const machine = setup({
    types: { events: {} as { type: 'END' } | { type: 'POKE' } },
    actions: {
      last: () => new Promise<never>(() => {}),
    },
  }).createMachine({
    initial: 'on',
    states: { on: { on: { END: { target: 'off', actions: 'last' } } }, off: { type: 'final' } },
  })
  const [store, clock] = [new FaultyStore(), new ManualClock()]
  const supervisor = await createSupervisor({ store, clock })
  const service = await supervisor.start(defineService({ id: 'ending', version: 1, machine }))
  await settle()
  store.shut()
  const ended = service.send({ type: 'END' }, { key: 'end' })
  /** Whoever comes now comes too late; who ended it may say so again. */
  const expectEnded = async () => {
    await expect(service.send({ type: 'POKE' })).rejects.toMatchObject({
      code: 'SERVICE_ENDED',
      state: 'done',
    })
    const again = service.send({ type: 'END' }, { key: 'end' })
    store.open()
    await Promise.all([ended, again])
  }
  return { service, clock, expectEnded }
}

test('an event to a service that has failed is refused with what it failed with, and what helps against that', async () => {
  const store = new FaultyStore()
  const first = await createSupervisor({ store })
  await first.start(definition, { key: 'k' })
  await first.close()
  const next = await createSupervisor({ store, onFailed: () => {} })
  const newer = defineService({ id: 'ended', version: 2, machine, migrations: {} })
  const service = await next.start(newer, { key: 'k' })
  const { failure } = service.getSnapshot().context
  await expect(service.send({ type: 'POKE' })).rejects.toMatchObject({
    code: 'SERVICE_ENDED',
    state: 'failed',
    cause: failure,
    message:
      'The service is failed and takes no events; this one was not kept. The checkpoint has version 1, and no migration leads from it to version 2. Add migrations[1]: (snapshot) => snapshot, to the definition.',
  })
  await service.stop()
  await expect(service.send({ type: 'POKE' })).rejects.toMatchObject({
    state: 'stopped',
    remedy: 'Start it again with supervisor.start.',
  })
  await next.close()
})

describe('an event to a machine that has ended, while its last effect is owed', () => {
  test('is refused while it runs', async () => {
    const { service, expectEnded } = await ending()
    await expectEnded()
    expect(service.getSnapshot().value).toBe('running')
  })

  test('is refused while a checkpoint is taken', async () => {
    const { service, expectEnded } = await ending()
    void service.checkpoint()
    await settle()
    expect(service.getSnapshot().value).toBe('checkpointing')
    await expectEnded()
  })

  test('is refused while it is paused, and when it goes on', async () => {
    const { service, clock, expectEnded } = await ending()
    const paused = service.pause('user', { deadlineMs: 0 })
    // Its last effect has not begun at the deadline.
    await clock.advance(0)
    await expectEnded()
    await paused
    expect(service.getSnapshot().value).toBe('paused')
    await expectEnded()
    const resumed = service.resume()
    await expectEnded()
    await resumed
  })
})

describe('an event to a service that has ended', () => {
  test.each(['done', 'stopped'] as const)('is acknowledged where it was taken before: %s', async (end) => {
    const life = new Life(definition)
    const service = await life.start()
    const event = { type: end === 'done' ? 'END' : 'POKE' } as const
    await service.send(event, { key: 'last' })
    if (end === 'stopped') await service.stop()
    expect(service.getSnapshot().value).toBe(end)
    await service.send(event, { key: 'last' })
    await expect(service.send(event, { key: 'another' })).rejects.toMatchObject({ code: 'SERVICE_ENDED' })
    await expect(service.send(event)).rejects.toMatchObject({
      remedy: expect.stringContaining(end === 'done' ? 'supervisor.remove' : 'supervisor.start'),
    })
  })

  test('that was refused is refused again, under the same key too', async () => {
    const store = new FaultyStore()
    const supervisor = await createSupervisor({ store, clock: new ManualClock() })
    await (await supervisor.start(definition)).send({ type: 'END' }, { key: 'last' })
    await settle()
    store.loads.shut()
    const starting = supervisor.start(definition)
    // Whoever has it while it is read may send already.
    const [service] = supervisor.services()
    const refused = { code: 'SERVICE_ENDED', state: 'done' }
    const early = expect(service?.send({ type: 'POKE' }, { key: 'k' })).rejects.toMatchObject(refused)
    await settle()
    store.loads.open()
    await Promise.all([starting, early])
    await expect(service?.send({ type: 'POKE' }, { key: 'k' })).rejects.toMatchObject(refused)
    await service?.send({ type: 'END' }, { key: 'last' })
  })

  test('is acknowledged in another process too, where it ended the service', async () => {
    const life = new Life(definition)
    await (await life.start()).send({ type: 'END' }, { key: 'last' })
    await (await life.restart()).send({ type: 'END' }, { key: 'last' })
  })
})
