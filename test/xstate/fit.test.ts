import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import {
  createSupervisor,
  defineService,
  type Service,
  type ServiceDefinition,
  TardigradeError,
} from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, test, vi } from 'vitest'
import type { AnyActorRef, AnyMachineSnapshot, AnyStateMachine } from 'xstate'
import type { ActorRecord, CheckpointRecord, TreeRecord } from '../../src/checkpoint/record.js'
import { seal, unseal } from '../../src/checkpoint/seal.js'
import { readCheckpoint } from '../../src/runtime/read.js'
import { ActorReference, createTreeCodec } from '../../src/xstate/codec.js'
import { checkFit } from '../../src/xstate/fit.js'
import { connection, family, flat, regions } from '../interruption/machines.js'
import { ManualClock, settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { edits, type Json, mutate } from './mutations.js'

interface Base {
  readonly definition: ServiceDefinition
  readonly text: string
}

/** Real checkpoints: each machine led through some events, at rest or cut off while it ran. */
async function bases(): Promise<Base[]> {
  const all: Base[] = []
  const scripts = ['', 'A', 'AB', 'AAB', 'ABD', 'ADCBA', 'BADB', 'DAABDC']
  for (const make of [flat, regions, family, connection]) {
    const definition = defineService({ id: 'fit', version: 1, machine: make([]) as AnyStateMachine })
    for (const [index, script] of scripts.entries()) {
      const life = new Life(definition)
      const service = await life.start()
      for (const type of script) await service.send({ type })
      await service.settled()
      if (index % 3 === 0) {
        await service.pause()
        await service.send({ type: 'B' }, { key: 'kept' })
      }
      life.kill()
      const stored = await (await life.store.read()).load('life')
      if (stored !== undefined) all.push({ definition, text: stored.text })
    }
  }
  return all
}

const prototypes = () =>
  [Object, Array, Map, Set, Function].flatMap(({ prototype }) => [
    ...Reflect.ownKeys(prototype),
    Object.getPrototypeOf(prototype),
  ])
const untouched = prototypes()
/** Each by its identity, and quickly: ten thousand checkpoints are followed by this. */
const touched = () => prototypes().filter((one, index) => one !== untouched[index])

/** Data with every reference to an actor as its name. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof ActorReference) return `actor ${value.ended?.id ?? value.path.at(-1) ?? 'life'}`
  if ('sessionId' in value && 'send' in value) return `actor ${(value as AnyActorRef).id}`
  if (value instanceof Map) return ['map', [...value].map(([k, v]) => [plain(k), plain(v)])]
  if (value instanceof Set) return ['set', [...value].map(plain)]
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
}

/** Expects what is mostly so, ten thousand times over: what is already the same to Node costs no expectation. */
function expectEqual(actual: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(actual, wanted)) expect(actual).toEqual(wanted)
}

function expectTyped(error: unknown): void {
  if (!(error instanceof TardigradeError)) expect(error).toBeInstanceOf(TardigradeError)
}

/** The living tree is what the record says, actor by actor. */
function expectAlive({ snapshot: told, children = [] }: ActorRecord, snapshot: AnyMachineSnapshot): void {
  expectEqual(snapshot.status, told.status)
  expectEqual(plain(snapshot.context), plain(told.context))
  if (!('machine' in snapshot)) return
  const { value, historyValue, machine, _nodes } = snapshot
  expectEqual(value, told.value)
  const history = Object.entries(historyValue).map(([id, nodes]) => [id, nodes?.map((node) => node.id)])
  expectEqual(Object.fromEntries(history), told.historyValue ?? {})
  // Exactly the nodes that the value names are active.
  const expected = machine.resolveState({ value, context: {} })._nodes.map(({ id }) => id)
  expectEqual(_nodes.map(({ id }) => id).sort(), expected.sort())
  expectEqual(
    Object.keys(snapshot.children),
    children.map(({ id }) => id),
  )
  for (const child of children) expectAlive(child, (snapshot.children[child.id] as AnyActorRef).getSnapshot())
}

/** Waits for what takes only turns of the event loop. */
async function soon<T>(promise: Promise<T>): Promise<T> {
  let over = false
  const end = () => {
    over = true
  }
  promise.then(end, end)
  // Nobody counts on when it has come: ten thousand checkpoints would have the loop turn for nothing.
  for (let turn = 0; turn < 200 && !over; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
  if (!over) throw new Error('it hangs')
  return promise
}

/** A supervisor on a store that holds this text, with everything held. */
async function supervised({ definition }: Base, text: string, record: CheckpointRecord | undefined) {
  const store = memoryStore({ keep: 10 })
  const seed = await store.claim()
  const phase = record?.phase ?? 'running'
  const [outcome] = await seed.commit([
    { key: 'life', service: 'fit', version: 1, sequence: 1, savedAtMs: 0, phase, wakeAtMs: undefined, text },
  ])
  expectEqual(outcome, { ok: true })
  await seed.close()
  const platform = manualHost()
  const failures: Error[] = []
  const clock = new ManualClock()
  const supervisor = await createSupervisor({
    store,
    clock,
    host: platform.host,
    onFailed: (_, error) => void failures.push(error),
    onWarning: () => {},
  })
  await platform.interrupt('frozen')
  const service = (await soon(supervisor.start(definition, { key: 'life' }))) as Service
  return { store, platform, failures, clock, supervisor, service }
}

async function check(base: Base, text: string): Promise<'refused' | 'failed' | 'lives'> {
  let record: CheckpointRecord | undefined
  try {
    ;({ record } = readCheckpoint(text, base.definition, 'life', createTreeCodec(base.definition)))
  } catch (error) {
    expectTyped(error)
    expectEqual((error as TardigradeError).key, 'life')
  }
  const { store, platform, failures, clock, supervisor, service } = await supervised(base, text, record)
  const state = service.getSnapshot().value
  const oldest = async () => (await (await store.read()).history('life')).at(-1)?.text
  if (record === undefined) {
    expectEqual(state, 'failed')
    expectEqual(failures.length, 1)
    expectTyped(failures[0])
    expectEqual((await (await store.read()).history('life')).length, 1)
    expectEqual(await oldest(), text)
    await soon(supervisor.close())
    return 'refused'
  }
  if (state === 'paused') {
    expectAlive(record.root, service.machine.getSnapshot() as AnyMachineSnapshot)
    await soon(platform.release('frozen'))
    for (const hold of service.getSnapshot().context.holds) await soon(service.resume(hold).catch(() => {}))
    await settle()
    await clock.advance(200)
  }
  // It may be that the author's code cannot live with such a context; that has its own error.
  for (const error of failures) expectTyped(error)
  const { value } = service.getSnapshot()
  if (!['running', 'done', 'failed'].includes(value)) expect.fail(`it is ${value}`)
  if (value === 'failed' && failures.length === 0) expect.fail('it failed, and said nothing')
  await soon(supervisor.close())
  return value === 'failed' ? 'failed' : 'lives'
}

describe('a tree that does not fit is refused at the place', () => {
  const machine = regions([])
  const on = { left: 'l1', right: 'r1', idle: {} }
  const kid = { id: 'k', src: 'child', snapshot: { status: 'active', value: {}, context: {} }, children: [] }
  const timer = {
    source: [],
    target: [],
    id: 't',
    event: { type: 'A' },
    delayMs: 1,
    dueAtMs: 1,
    remainingMs: 1,
    policy: 'deadline' as const,
  }

  const treeOf = (snapshot: object, children: readonly ActorRecord[] = [], timers = [timer]): TreeRecord => ({
    root: {
      id: 'life',
      src: '',
      snapshot: { status: 'active', value: { on }, context: {}, ...snapshot },
      children,
    },
    timers,
    outbox: [],
  })

  const id = (name: string) => `regions.${name}`
  const history = (...names: string[]) => ({ historyValue: { [id('on.back')]: names.map(id) } })

  test.each<[string, AnyStateMachine, TreeRecord]>([
    ['root.snapshot.value', machine, treeOf({ value: {} })],
    ['root.snapshot.value', machine, treeOf({ value: 5 })],
    ['root.snapshot.value', machine, treeOf({ value: 'on' })],
    ['root.snapshot.value', machine, treeOf({ value: 'toString' })],
    ['root.snapshot.value', machine, treeOf({ value: { on, off: {} } })],
    ['root.snapshot.value', machine, treeOf({ value: { off: {} } })],
    ['root.snapshot.value.on', machine, treeOf({ value: { on: { left: 'l1', right: 'r1' } } })],
    ['root.snapshot.value.on', machine, treeOf({ value: { on: { ...on, back: {} } } })],
    [
      'root.snapshot.value.on',
      machine,
      treeOf({ value: { on: { left: 'l1', right: 'r1', elsewhere: {} } } }),
    ],
    ['root.snapshot.value.on.left', machine, treeOf({ value: { on: { ...on, left: 'r1' } } })],
    ['root.snapshot.value.on.idle', machine, treeOf({ value: { on: { ...on, idle: 'x' } } })],
    ['root.snapshot.context', machine, treeOf({ context: [] })],
    ['root.snapshot.status', machine, treeOf({ status: 'done' })],
    ['root.snapshot.nodes', machine, treeOf({ nodes: [id('off')] })],
    ['root.snapshot.historyValue', machine, treeOf({ historyValue: [] })],
    ['root.snapshot.historyValue.regions.off', machine, treeOf({ historyValue: { 'regions.off': [] } })],
    ['root.snapshot.historyValue.regions.on.back', machine, treeOf({ historyValue: { [id('on.back')]: 5 } })],
    ['root.snapshot.historyValue.regions.on.back', machine, treeOf(history('nowhere'))],
    ['root.snapshot.historyValue.regions.on.back', machine, treeOf(history('off'))],
    ['root.snapshot.historyValue.regions.on.back', machine, treeOf(history('on'))],
    ['root.snapshot.historyValue.regions.on.back', machine, treeOf(history('on.left.l1', 'on.left.l2'))],
    ['root.snapshot.historyValue.regions.on.back', machine, treeOf(history('on.idle', 'on.idle'))],
    ['root.children.k', machine, treeOf({}, [kid])],
    ['root.children.k', family([]), treeOf({ value: {} }, [{ ...kid, src: 'toString' }])],
    [
      'root.children.t.children',
      family([]),
      treeOf({ value: {} }, [{ ...kid, id: 't', src: 'tally', children: [kid] }]),
    ],
    ['root.children.k', family([]), treeOf({ value: {} }, [kid, kid])],
    [
      'root.children.b.systemId',
      family([]),
      treeOf(
        { value: {} },
        ['a', 'b'].map((of) => ({ ...kid, id: of, systemId: 's' })),
      ),
    ],
    ['root.snapshot.history', machine, treeOf({ history: {} })],
    ['timers[1].id', machine, treeOf({}, [], [timer, timer])],
    ['timers[0].source', machine, treeOf({}, [], [{ ...timer, source: ['nobody'] as never }])],
    ['timers[1].target', machine, treeOf({}, [], [timer, { ...timer, target: ['nobody'] as never }])],
  ])('%s (%#)', (path, of, tree) => {
    expect(() => checkFit(of, tree)).toThrow(expect.objectContaining({ code: 'INVALID_CHECKPOINT', path }))
  })

  test('a Map or a Set in the place of states, which would pass for none', () => {
    const refusal = (path: string) => expect.objectContaining({ code: 'INVALID_CHECKPOINT', path })
    for (const odd of [new Map([['kid', 1]]), new Set(['kid'])]) {
      expect(() => checkFit(family([]), treeOf({ value: odd }))).toThrow(refusal('root.snapshot.value'))
      const history = treeOf({ historyValue: odd })
      expect(() => checkFit(machine, history)).toThrow(refusal('root.snapshot.historyValue'))
    }
  })

  test('and one that fits is not', () => {
    checkFit(machine, treeOf(history('on.left.l2', 'on.right.r1', 'on.idle')))
    checkFit(
      machine,
      treeOf({
        nodes: ['.on.idle', '.on.right.r1', '.on.right', '.on.left.l1', '.on.left', '.on', ''].map(
          (of) => `regions${of}`,
        ),
      }),
    )
    const ofKid = { ...timer, source: ['k'] as never, target: ['k'] as never }
    const tree = treeOf({ value: {} }, [{ ...kid, children: [] }], [timer, ofKid])
    expect(() => checkFit(family([]), tree)).not.toThrow()
  })
})

describe('mutated checkpoints', () => {
  test('each is a typed error, or a service in just the accepted state', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const all = await bases()
    const outcomes = { refused: 0, failed: 0, lives: 0 }
    const numRuns = Number(process.env.TARDIGRADE_RUNS ?? 10_000)
    await fc.assert(
      fc.asyncProperty(fc.nat(all.length - 1), edits, async (index, list) => {
        const base = all[index] as Base
        const body: Json = JSON.parse(unseal(base.text).body)
        mutate(body.json, list)
        outcomes[await check(base, seal(JSON.stringify(body)))]++
        expectEqual(touched(), [])
        expectEqual(({} as { polluted?: unknown }).polluted, undefined)
      }),
      { numRuns },
    )
    // The mutations are not all alike: some are let through, as they should be.
    expect(outcomes.refused).toBeGreaterThan(numRuns / 10)
    expect(outcomes.lives).toBeGreaterThan(numRuns / 10)
    vi.restoreAllMocks()
  }, 300_000)

  test('what was not mutated is accepted', async () => {
    for (const base of await bases()) expect(await check(base, base.text)).toBe('lives')
  })
})
