import fc from 'fast-check'
import { defineService, type Service } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { connection, type Done, type Event, family, flat, regions } from './machines.js'

type Step =
  | { readonly do: 'send' | 'sendAndKill'; readonly type: Event['type'] }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'kill' | 'pause' | 'pauseSendResume' | 'stop' | 'sleep' }

const type = fc.constantFrom<Event['type']>('A', 'B', 'C', 'D', 'E')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), type }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sendAndKill' as const), type }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('kill', 'pause', 'stop', 'sleep', 'pauseSendResume') }),
  },
)

/** What can be seen of a tree: values, contexts with references as names, children in order. */
function seen(snapshot: AnyMachineSnapshot): unknown {
  const plain = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if ('sessionId' in value && 'send' in value) return `actor ${(value as AnyActorRef).id}`
    if (value instanceof Map) return ['map', [...value].map(([k, v]) => [plain(k), plain(v)])]
    if (value instanceof Set) return ['set', [...value].map(plain)]
    if (Array.isArray(value)) return value.map(plain)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  }
  return {
    status: snapshot.status,
    value: snapshot.value,
    // Only among atomic states can the order be seen: it says which region acts first.
    order: snapshot._nodes.filter(({ type }) => type === 'atomic').map(({ id }) => id),
    history: Object.entries(snapshot.historyValue).map(([id, nodes]) => [id, nodes?.map((node) => node.id)]),
    context: plain(snapshot.context),
    children: Object.entries(snapshot.children).map(([id, child]) => {
      const inner: AnyMachineSnapshot = (child as AnyActorRef).getSnapshot()
      if ('machine' in inner) return [id, seen(inner)]
      const { status, output, context } = inner as { status: string; output: unknown; context: unknown }
      return [id, { status, output, context: plain(context) }]
    }),
  }
}

/** Effects by key: what came again under its key is one. */
function once(log: readonly Done[]): string[] {
  const keys = new Map<string, string>()
  for (const { key, what } of log) {
    if (keys.has(key)) expect(keys.get(key)).toBe(what)
    else keys.set(key, what)
  }
  return [...keys.values()]
}

async function run(make: (log: Done[]) => AnyStateMachine, steps: readonly Step[], interrupted: boolean) {
  const log: Done[] = []
  const emitted: unknown[] = []
  const life = new Life(defineService({ id: 'proof', version: 1, machine: make(log) }))
  const watch = (service: Service) => void service.machine.on('*', (event) => void emitted.push(event))
  let service = (await life.start()) as Service
  if (!interrupted) watch(service)
  let sent = 0
  const send = (event: Event['type'], key = `k${sent++}`) => service.send({ type: event }, { key })
  const trace: unknown[] = []
  for (const one of steps) {
    if (one.do === 'send') await send(one.type)
    else if (one.do === 'advance') await life.clock.advance(one.ms)
    else if (one.do === 'sendAndKill') {
      const key = `k${sent++}`
      if (interrupted) {
        void send(one.type, key).catch(() => {})
        service = (await life.restart()) as Service
      }
      await send(one.type, key)
    } else if (interrupted) {
      if (one.do === 'kill') service = (await life.restart()) as Service
      else if (one.do === 'pause') {
        await service.pause()
        await service.resume()
      } else if (one.do === 'stop') {
        await service.stop()
        service = (await life.start()) as Service
      } else if (one.do === 'sleep') {
        await settle()
        life.supervisor.letGoIdle(0)
        await service.checkpoint()
      }
    }
    if (one.do === 'pauseSendResume') {
      if (interrupted) await service.pause()
      await send('A')
      if (interrupted) await service.resume()
    }
    await service.settled()
    await settle()
    trace.push(
      service.getSnapshot().value === 'failed'
        ? service.getSnapshot().context.failure
        : seen(service.machine.getSnapshot() as AnyMachineSnapshot),
    )
  }
  expect(life.failures).toEqual([])
  expect(life.warnings).toEqual([])
  return { trace, effects: once(log) }
}

const machines = { flat, regions, family, connection }

describe.each(Object.entries(machines))('interrupted at random: %s', (_, make) => {
  test('is in every step where the uninterrupted twin is, with the same effects in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const twin = await run(make, steps, false)
        const proof = await run(make, steps, true)
        expect(proof.trace).toEqual(twin.trace)
        expect(proof.effects).toEqual(twin.effects)
      }),
      { numRuns: Number(process.env.TARDIGRADE_RUNS ?? 150), endOnFailure: false },
    )
  })
})
