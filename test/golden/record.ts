import { createSupervisor, type Service, type Store } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import type { AnyMachineSnapshot } from 'xstate'
import { readCheckpoint } from '../../src/runtime/read.js'
import { createTreeCodec } from '../../src/xstate/codec.js'
import { ManualClock, settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import type { Scenario, World } from './scenario.js'
import { show, showTree } from './show.js'

/** The key that every record has, that of `Life`. */
export const KEY = 'life'

/** When a record is revived, in ms since 1970: some seconds after it was written. */
const REVIVED_AT_MS = 1_004_000

const LATER_MS = 60_000

/** The record that the code of today writes. */
export async function writeRecord({ define, lead }: Scenario): Promise<string> {
  const life = new Life(define({ done: [], writing: true }))
  const service = (await life.start()) as Service
  await lead({ life: life as Life<never>, service, clock: life.clock })
  await settle()
  const stored = await (await life.store.read()).load(KEY)
  if (stored === undefined) throw new Error('the scenario has left no record')
  return stored.text
}

/** What of a record is its format: without its checksum, how its incarnation is named, and how many commits there were before it. */
export function formatOf(text: string): string {
  return text
    .replace(/ [0-9a-f]{8}\n/, ' checksum\n')
    .replace(/"sequence":\d+/, '"sequence":0')
    .replace(/"size":\d+/, '"size":0')
    .replace(/"incarnation":"\w+"/, '"incarnation":"i"')
    .replace(/(golden\/life)\/\w+\/\d+\//g, '$1/i/0/')
}

/** A store with this record in it, as its newest one. */
export async function storeWith(text: string): Promise<Store> {
  const store = memoryStore()
  const claim = await store.claim()
  const facts = { service: 'golden', version: 1, sequence: 1, savedAtMs: 0, phase: 'running' } as const
  await claim.commit([{ key: KEY, ...facts, wakeAtMs: undefined, text }])
  await claim.close()
  return store
}

/** What the record says, and what its service does when it goes on from it. */
export async function reviveRecord(scenario: Scenario, text: string): Promise<unknown> {
  const definition = scenario.define({ done: [], writing: false })
  const { record } = readCheckpoint(text, definition, KEY, createTreeCodec(definition))
  return { record: show(record), life: await goOn(scenario, await storeWith(text), text) }
}

/**
 * The life that goes on from a store: as it stands, and a minute later, retried and with every hold released. Keys of
 * effects are told where the record holds them; how new ones are counted is no part of the format.
 */
export async function goOn({ define }: Scenario, store: Store, text = ''): Promise<unknown> {
  const world: World = { done: [], writing: false }
  const failures: string[] = []
  const clock = new ManualClock(REVIVED_AT_MS)
  const onFailed = (_: unknown, { name }: Error) => void failures.push(name)
  const supervisor = await createSupervisor({ store, clock, onFailed })
  const service = (await supervisor.start(define(world), { key: KEY })) as Service
  await settle()
  const seen = () => ({
    state: service.getSnapshot().value,
    holds: service.getSnapshot().context.holds,
    machine: service.machine.getSnapshot() && showTree(service.machine.getSnapshot() as AnyMachineSnapshot),
    effects: world.done
      .splice(0)
      .map(({ key, what }) => ({ key: text.includes(`"${key}"`) ? key : 'a new one', what })),
  })
  const revived = seen()
  await service.retry()
  for (const hold of service.getSnapshot().context.holds) await service.resume(hold)
  await clock.advance(LATER_MS)
  const later = seen()
  await supervisor.close()
  return { revived, later, failures }
}
