import { createSupervisor, type SupervisorOptions } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test } from 'vitest'
import { createActor, createMachine, type InspectionEvent } from 'xstate'
import { inspectorOf } from '../../src/runtime/inspector-of.js'
import { observerOf } from '../../src/runtime/observer-of.js'
import { settle } from '../kit/clock.js'
import { surfaced } from '../kit/surfaced.js'
import { counter } from './machines.js'

const of = { definition: 'lamp', key: 'hall', part: 'machine' } as const

test('nobody who inspects is no observer, for whom XState would make events', () => {
  expect(inspectorOf(undefined, of)).toBe(undefined)
})

test('an inspector is told of every event whose it is', () => {
  const heard: unknown[] = []
  const inspect = inspectorOf((event, whose) => heard.push([event.type, whose]), of)
  if (inspect === undefined) throw new Error('there is none')
  createActor(createMachine({}), { inspect: (event: InspectionEvent) => inspect(event) })
  expect(heard).toEqual([['@xstate.actor', of]])
})

describe('what looks on and throws', () => {
  const boom = new Error('boom')

  /** A running counter of which an inspector throws at every event of this type and part, from now on. */
  async function lookedAt(type: InspectionEvent['type'], part: 'lifecycle' | 'machine') {
    const looks = { throws: false }
    const inspect: SupervisorOptions['inspect'] = (event, whose) => {
      if (looks.throws && event.type === type && whose.part === part) throw boom
    }
    const failures: unknown[] = []
    const onFailed = (_: unknown, error: Error) => void failures.push(error)
    const supervisor = await createSupervisor({ store: memoryStore(), inspect, onFailed })
    const service = await supervisor.start(counter(), { key: 'k' })
    const thrown = surfaced()
    looks.throws = true
    return { supervisor, service, failures, thrown }
  }

  test.each(['@xstate.snapshot', '@xstate.microstep', '@xstate.event', '@xstate.action'] as const)(
    'at %s of the machine: the event is applied once, and told to be durable',
    async (type) => {
      const { service, failures, thrown } = await lookedAt(type, 'machine')
      await service.send({ type: 'INC' })
      await service.settled()
      await settle()
      expect([service.machine.getSnapshot().context.n, failures]).toEqual([1, []])
      if (type !== '@xstate.action') expect(thrown).toContain(boom)
    },
  )

  test('at the lifecycle: nobody waits for ever', async () => {
    const { service, failures, thrown } = await lookedAt('@xstate.snapshot', 'lifecycle')
    await service.pause()
    await service.resume()
    await service.send({ type: 'INC' })
    await settle()
    expect([service.getSnapshot().value, failures]).toEqual(['running', []])
    expect(thrown).toContain(boom)
  })

  test('as an observer keeps nobody from going on', async () => {
    const thrown = surfaced()
    const observe = () => {
      throw boom
    }
    const nothing = async () => {}
    const inspection = { inspect: () => {}, observe, address: undefined, begin: nothing, close: nothing }
    observerOf(inspection, of)?.({ type: 'whole' })
    await settle()
    expect(thrown).toEqual([boom])
  })
})
