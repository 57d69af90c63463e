import { createSupervisor, defineService } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

/** Held before its first life, so that it owes an effect and rests; who waits for that, and what they hear. */
async function owing() {
  const log: string[] = []
  const state = { broken: false }
  const machine = setup({
    actions: {
      tell: () => {
        if (state.broken) throw new Error('broken')
        log.push('told')
      },
    },
  }).createMachine({ entry: 'tell' })
  const [store, clock, platform] = [new FaultyStore(), new ManualClock(), manualHost()]
  const supervisor = await createSupervisor({ store, clock, host: platform.host, onFailed: () => {} })
  await platform.interrupt('frozen')
  const service = await supervisor.start(defineService({ id: 'x', version: 1, machine }))
  const waiting = { outcome: 'waits' }
  service.settled().then(
    () => Object.assign(waiting, { outcome: 'settled' }),
    (error: Error) => Object.assign(waiting, { outcome: error.name }),
  )
  await settle()
  expect([service.getSnapshot().value, log, waiting.outcome]).toEqual(['paused', [], 'waits'])
  return { log, state, waiting, supervisor, platform, service }
}

describe('`settled` of a service that rests and owes an effect', () => {
  test('waits until it goes on', async () => {
    const { log, waiting, platform, service } = await owing()
    await service.pause()
    await platform.release('frozen')
    await settle()
    expect(waiting.outcome).toBe('waits')
    await service.resume()
    await settle()
    expect([log, waiting.outcome]).toEqual([['told'], 'settled'])
    // At rest without anything owed there is nothing to wait for, whatever its inbox holds.
    await service.pause()
    await service.send({ type: 'ANY' })
    await service.settled()
    expect(service.getSnapshot().value).toBe('paused')
  })

  test('hears of the failure', async () => {
    const { state, waiting, platform } = await owing()
    state.broken = true
    await platform.release('frozen')
    await settle()
    expect(waiting.outcome).toBe('EffectFailedError')
  })

  test.each(['stop', 'close'] as const)('hears that it runs in another life: %s', async (end) => {
    const { log, waiting, supervisor, service } = await owing()
    if (end === 'stop') await service.stop()
    else await supervisor.close()
    await settle()
    expect([log, waiting.outcome]).toEqual([[], 'EffectsOwedError'])
    await expect(service.settled()).rejects.toMatchObject({ code: 'EFFECTS_OWED', key: 'x' })
  })
})

test('settled of a service that has failed rejects, also while its failure is being noted', async () => {
  const bad = () => {
    throw new Error('guard')
  }
  const machine = setup({ guards: { bad } }).createMachine({
    on: { GO: { guard: 'bad', actions: () => {} } },
  })
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  store.shut()
  await expect(service.send({ type: 'GO' })).rejects.toThrow()
  await settle()
  expect(service.getSnapshot().value).toBe('failed')
  const settled = expect(service.settled()).rejects.toThrow('guard')
  await settle()
  store.open()
  await settled
})
