import { createSupervisor, defineService, UnappliedEventsError } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { decodeCheckpoint } from '../../src/runtime/read.js'
import { createTreeCodec } from '../../src/xstate/codec.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'

type Events = { type: 'END' } | { type: 'POKE'; secret?: string }

const machine = setup({ types: { events: {} as Events } }).createMachine({
  initial: 'on',
  states: { on: { on: { END: 'off' } }, off: { type: 'final' } },
})
const definition = defineService({ id: 'unapplied', version: 1, machine })

/** Ends with what is in its inbox, before two events that came after the one that ends it. */
async function ended() {
  const life = new Life(definition)
  const service = await life.start()
  await service.pause()
  await service.send({ type: 'POKE' })
  await service.send({ type: 'END' })
  await service.send({ type: 'POKE', secret: 'hush' }, { key: 'late' })
  await service.send({ type: 'POKE' })
  await service.resume()
  await settle()
  expect(service.getSnapshot().value).toBe('done')
  return { life, service }
}

const UNAPPLIED = {
  code: 'UNAPPLIED_EVENTS',
  service: 'unapplied',
  key: 'life',
  events: [{ type: 'POKE', key: 'late' }, { type: 'POKE' }],
}

describe('events of the inbox that come after the one that ends the machine', () => {
  test('are told once, without what is in them', async () => {
    const { life } = await ended()
    expect(life.warnings).toMatchObject([UNAPPLIED])
    expect(JSON.stringify(life.warnings)).not.toContain('hush')
    expect(life.failures).toEqual([])
  })

  test('stay in the last checkpoint', async () => {
    const { life } = await ended()
    const { text = '', phase } = (await (await life.store.read()).load('life')) ?? {}
    const { inbox } = decodeCheckpoint(text, createTreeCodec(definition)).record
    expect([phase, inbox.map(({ event, key }) => [event, key])]).toEqual([
      'done',
      [
        [{ type: 'POKE', secret: 'hush' }, 'late'],
        [{ type: 'POKE' }, undefined],
      ],
    ])
  })

  test('are told again where the service is started again: nobody may have heard of them', async () => {
    const { life } = await ended()
    life.warnings.length = 0
    const service = await life.restart()
    expect(service.getSnapshot().value).toBe('done')
    expect(life.warnings).toMatchObject([UNAPPLIED])
  })

  test('are told when it is done, where it owes its last effects for longer', async () => {
    let finish = () => {}
    const last = () => new Promise<void>((resolve) => (finish = resolve)) as never
    const slow = setup({ types: { events: {} as Events }, actions: { last } }).createMachine({
      initial: 'on',
      states: { on: { on: { END: { target: 'off', actions: 'last' } } }, off: { type: 'final' } },
    })
    const life = new Life(defineService({ id: 'unapplied', version: 1, machine: slow }))
    const service = await life.start()
    await service.pause()
    for (const type of ['END', 'POKE'] as const) await service.send({ type })
    await service.resume()
    await settle()
    expect([service.getSnapshot().value, life.warnings]).toEqual(['running', []])
    finish()
    await settle()
    expect([service.getSnapshot().value, life.warnings]).toMatchObject([
      'done',
      [{ events: [{ type: 'POKE' }] }],
    ])
  })
})

test('a machine that ends when no event waits is told of by no warning', async () => {
  const life = new Life(definition)
  await (await life.start()).send({ type: 'END' })
  await life.restart()
  expect(life.warnings).toEqual([])
})

test('one that comes while a service that has ended is read is refused, and told of by no warning', async () => {
  const store = memoryStore()
  const warnings: Error[] = []
  const begin = () => createSupervisor({ store, onWarning: (warning) => void warnings.push(warning) })
  await (await (await begin()).start(definition)).send({ type: 'END' })
  await settle()
  store.loseLock()
  const supervisor = await begin()
  const starting = supervisor.start(definition)
  const [service] = supervisor.services()
  await expect(service?.send({ type: 'POKE' })).rejects.toMatchObject({ code: 'SERVICE_ENDED' })
  await starting
  expect(warnings).toEqual([])
})

test.each([
  [1, '1 event that had been accepted was not applied: E0.'],
  [3, '3 events that had been accepted were not applied: E0, E1, E2.'],
  [10_000, '10000 events that had been accepted were not applied: E0, E1, E2 …'],
])('the warning of %s tells how many there are', (count, told) => {
  const events = Array.from({ length: count }, (_, index) => ({ type: `E${index}` }))
  expect(new UnappliedEventsError(events).message).toContain(told)
})
