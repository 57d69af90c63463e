import { defineService } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { Life } from '../kit/kill.js'

const machine = setup({ types: { events: {} as { type: 'END' } | { type: 'POKE' } } }).createMachine({
  initial: 'on',
  states: { on: { on: { END: 'off' } }, off: { type: 'final' } },
})
const definition = defineService({ id: 'ended', version: 1, machine })

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

  test('is acknowledged in another process too, where it ended the service', async () => {
    const life = new Life(definition)
    await (await life.start()).send({ type: 'END' }, { key: 'last' })
    await (await life.restart()).send({ type: 'END' }, { key: 'last' })
  })
})
