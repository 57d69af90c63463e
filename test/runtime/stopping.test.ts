import { createSupervisor } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { ManualClock, microtasks } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { opened } from '../kit/stored.js'
import { counter } from './machines.js'

async function supervised() {
  const [store, clock, failures, log] = [new FaultyStore(), new ManualClock(), [] as Error[], [] as string[]]
  const definition = counter(log)
  const supervisor = await createSupervisor({
    store,
    clock,
    onFailed: (_, error) => void failures.push(error),
  })
  const start = () => supervisor.start(definition, { key: 'k' })
  const durable = () => {
    const { phase, root } = opened(store.durable.get('k')?.text ?? '', definition)
    return { phase, n: (root.snapshot.context as { n: number }).n }
  }
  return { store, clock, failures, log, supervisor, start, durable }
}

describe('a service that is stopped while it begins', () => {
  test('rests with a checkpoint, at any moment', async () => {
    for (let moment = 0; moment < 25; moment++) {
      const { supervisor, start, durable, failures } = await supervised()
      const starting = start()
      const [service] = supervisor.services()
      await microtasks(moment)
      await service?.stop()
      expect((await starting).getSnapshot().value).toBe('stopped')
      expect([durable(), failures]).toEqual([{ phase: 'stopped', n: 0 }, []])
      const again = await start()
      await again.send({ type: 'ADD' })
      expect([again.getSnapshot().value, durable()]).toEqual(['running', { phase: 'running', n: 1 }])
    }
  })
})
