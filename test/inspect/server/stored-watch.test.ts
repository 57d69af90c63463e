import type { StoredCheckpoint } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { hiding } from '../../../src/inspect/redact.js'
import { StoredWatch } from '../../../src/inspect/server/stored-watch.js'
import type { StoredMessage } from '../../../src/inspect/stream/message.js'
import { ManualClock, settle } from '../../kit/clock.js'

type Facts = Partial<Pick<StoredCheckpoint, 'service' | 'savedAtMs'>>

test('tells of a service that was removed and has begun anew, though its sequence is the same', async () => {
  const claim = await memoryStore().claim()
  const clock = new ManualClock()
  const watch = new StoredWatch(claim, hiding(undefined), () => true, clock)
  const told: unknown[] = []
  const begin = async ({ service = 'lamp', savedAtMs = 1 }: Facts) => {
    await claim.remove('hall')
    const facts = { sequence: 1, phase: 'running', wakeAtMs: undefined, text: 'as it is' } as const
    await claim.commit([{ key: 'hall', service, version: 1, savedAtMs, ...facts }])
  }
  await begin({})
  watch.watch((text) => {
    const { services } = JSON.parse(text) as StoredMessage
    for (const { definition, savedAtMs } of services) told.push([definition, savedAtMs])
  })
  await settle()
  for (const facts of [{}, { savedAtMs: 2 }, { savedAtMs: 2, service: 'bell' }]) {
    await begin(facts)
    await clock.advance(1000)
    await settle()
  }
  expect(told).toEqual([
    ['lamp', 1],
    ['lamp', 2],
    ['bell', 2],
  ])
  await watch.close()
})
