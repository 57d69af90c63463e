import {
  type CheckpointRecord,
  defineService,
  MigrationFailedError,
  type MigrationSnapshot,
  type Migrations,
  MissingMigrationError,
  NewerCheckpointError,
} from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { assign, fromTransition, raise, setup } from 'xstate'
import { migrate as migrateToFit } from '../../src/service/migrations.js'
import { Life } from '../kit/kill.js'

const timer = {
  source: [],
  target: [],
  id: 't',
  event: { type: 'T' },
  delayMs: 5,
  dueAtMs: 6,
  remainingMs: 5,
  policy: 'deadline',
} as const

/** For a machine that everything fits. */
const migrate = (stored: CheckpointRecord, steps: Migrations, version: number) =>
  migrateToFit(stored, steps, version, () => {})

/** Frozen through and through, so that a migration in place is caught. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const part of Object.values(Object.freeze(value))) frozen(part)
  return value
}

const record: CheckpointRecord = frozen({
  format: 1,
  service: 's',
  key: 'k',
  version: 1,
  machine: 'm',
  structure: '00000000',
  incarnation: 'i',
  sequence: 7,
  epoch: 2,
  savedAtMs: 3,
  phase: 'paused',
  holds: ['user'],
  root: {
    id: 'k',
    src: '',
    snapshot: {
      status: 'active',
      value: 'a',
      context: { n: 1 },
      historyValue: { 'm.h': ['m.a'] },
      nodes: ['m', 'm.a'],
    },
    children: [{ id: 'c', src: 'kid', snapshot: { status: 'active' }, children: [] }],
  },
  timers: [timer],
  inbox: [{ event: { type: 'E' }, atMs: 1 }],
  outbox: [{ key: 'o', kind: 'action', actor: [], type: 'x', event: { type: 'E' } }],
  eventKeys: ['e1'],
} satisfies CheckpointRecord)

const same = (snapshot: MigrationSnapshot) => snapshot

describe('migrate', () => {
  test('leaves a record of this version as it is', () => {
    expect(migrate(record, {}, 1)).toBe(record)
    expect(migrate(record, { 1: () => expect.unreachable() }, 1)).toBe(record)
  })

  test('runs the steps one by one, in order, each from what the last one made', () => {
    const step = (n: number) => (snapshot: MigrationSnapshot) => ({
      ...snapshot,
      context: {
        ...snapshot.context,
        steps: [...((snapshot.context.steps as number[] | undefined) ?? []), n],
      },
    })
    const migrated = migrate(record, { 3: step(3), 1: step(1), 2: step(2), 4: step(4) }, 4)
    expect(migrated.version).toBe(4)
    expect(migrated.root.snapshot.context).toEqual({ n: 1, steps: [1, 2, 3] })
  })

  test('a step after one that gave no context is given an empty one', () => {
    const contexts: unknown[] = []
    const without = (snapshot: MigrationSnapshot) =>
      ({ ...snapshot, context: undefined }) as unknown as MigrationSnapshot
    const look = (snapshot: MigrationSnapshot) => {
      contexts.push(snapshot.context)
      return snapshot
    }
    migrate(record, { 1: without, 2: look }, 3)
    expect(contexts).toEqual([{}])
  })

  test('a step sees value, context, history, children, timers and what is owed, and all of them may change', () => {
    const seen: MigrationSnapshot[] = []
    const changed = { value: 'b', context: { m: 2 }, historyValue: { h: ['x'] } }
    const migrated = migrate(
      record,
      {
        1: (snapshot) => {
          seen.push(snapshot)
          return { ...changed, children: [], timers: [], outbox: [] }
        },
      },
      2,
    )
    const { value, context, historyValue } = record.root.snapshot
    const { outbox } = record
    expect(seen).toEqual([
      { value, context, historyValue, children: record.root.children, timers: [timer], outbox },
    ])
    const { children, snapshot } = migrated.root
    expect({ children, snapshot, timers: migrated.timers, outbox: migrated.outbox }).toEqual({
      children: [],
      // The order of the old nodes says nothing about the new states.
      snapshot: { status: 'active', ...changed },
      timers: [],
      outbox: [],
    })
  })

  test('what is owed stays where a step returns none', () => {
    const migrated = migrate(record, { 1: ({ outbox: _, ...others }) => others }, 2)
    expect(migrated.outbox).toEqual(record.outbox)
  })

  test('a history that a step takes away is gone', () => {
    const migrated = migrate(record, { 1: (snapshot) => ({ ...snapshot, historyValue: undefined }) }, 2)
    expect(migrated.root.snapshot).not.toHaveProperty('historyValue')
  })

  test('everything else of the record stays', () => {
    const { version: _, root, ...rest } = migrate(record, { 1: same }, 2)
    const { version: __, root: ___, ...before } = record
    expect(rest).toEqual(before)
    expect(root.id).toBe('k')
  })

  test('a record from newer code is refused', () => {
    const error = (() => {
      try {
        return migrate(record, { 1: same }, 0)
      } catch (caught) {
        return caught
      }
    })()
    expect(error).toBeInstanceOf(NewerCheckpointError)
    expect(error).toMatchObject({ storedVersion: 1, version: 0, service: 's', key: 'k' })
    expect((error as Error).message).toContain('has definition version 1, newer than version 0')
  })

  test('a missing step is named, though others are there', () => {
    expect(() => migrate(record, { 2: same }, 3)).toThrow(MissingMigrationError)
    expect(() => migrate(record, { 1: same, 3: same }, 4)).toThrow(/version 2.*migrations\[2\]/)
    expect(() => migrate(record, {}, 2)).toThrow(expect.objectContaining({ service: 's', key: 'k' }))
  })

  test('a step that throws is named, with its cause', () => {
    const cause = new Error('no such field')
    const throws: Migrations = {
      1: same,
      2: () => {
        throw cause
      },
    }
    expect(() => migrate(record, throws, 3)).toThrow(MigrationFailedError)
    expect(() => migrate(record, throws, 3)).toThrow(
      expect.objectContaining({ fromVersion: 2, cause, service: 's', key: 'k' }),
    )
  })

  test.each([undefined, null, 5, 'text', {}, []])('a step that returns %j fails, as itself', (result) => {
    // JavaScript authors forget a return.
    const returns = { 1: () => result } as unknown as Migrations
    expect(() => migrate(record, returns, 2)).toThrow(MigrationFailedError)
  })
})

describe('what a failed migration says', () => {
  const REMEDY =
    'Mend the migration; the checkpoint is unchanged. `tardigrade migrate --check` tries it on every record.'

  test.each<[string, () => unknown, string]>([
    ['null', () => null, 'returned what does not fit at its root: it is null, and no snapshot'],
    ['nothing', () => undefined, 'returned what does not fit at its root: it is undefined, and no snapshot'],
    ['a text', () => 'b', 'returned what does not fit at its root: it is "b", and no snapshot'],
    [
      'a promise',
      async () => record.root.snapshot,
      'returned what does not fit at its root: it is a promise, and no snapshot',
    ],
    [
      'no children',
      () => ({ value: 'b', context: {}, timers: [] }),
      'returned what does not fit at root.children: Invalid type: Expected Array but received undefined',
    ],
    [
      'an error with a full stop',
      () => {
        throw new Error('No such field.')
      },
      'threw: No such field',
    ],
    [
      'an error of this library',
      () => {
        throw new MissingMigrationError(4, 5)
      },
      'threw: The checkpoint has version 4, and no migration leads from it to version 5',
    ],
  ])('of %s: that alone, with one remedy', (_, step, fault) => {
    // JavaScript authors return what they like.
    const steps = { 1: step } as unknown as Migrations
    expect(() => migrate(record, steps, 2)).toThrow(
      expect.objectContaining({
        message: `The migration from version 1 ${fault}. ${REMEDY}`,
        remedy: REMEDY,
      }),
    )
  })
})

describe('a service over versions', () => {
  const one = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'GO' } },
    actors: { sum: fromTransition((state: number) => state + 1, 0) },
  }).createMachine({
    id: 'm',
    context: { n: 1 },
    invoke: { src: 'sum', id: 'sum' },
    initial: 'old',
    states: {
      old: { on: { GO: { actions: assign({ n: ({ context }) => context.n + 1 }) } }, after: { 100: 'gone' } },
      gone: {},
    },
    entry: raise({ type: 'GO' }, { delay: 50, id: 'soon' }),
  })
  const three = setup({
    types: { context: {} as { count: string }, events: {} as { type: 'GO' } },
    actors: { total: fromTransition((state: number) => state + 1, 0) },
  }).createMachine({
    id: 'm3',
    context: { count: '' },
    invoke: { src: 'total', id: 'total' },
    initial: 'fresh',
    states: { fresh: { on: { GO: 'gone' } }, gone: {} },
  })
  const migrations: Migrations = {
    1: ({ context, ...rest }) => ({ ...rest, context: { count: context.n } }),
    2: (snapshot) => ({
      ...snapshot,
      value: 'fresh',
      context: { count: String(snapshot.context.count) },
      children: snapshot.children.map((child) => ({ ...child, id: 'total', src: 'total' })),
      timers: snapshot.timers.filter(({ id }) => id === 'soon'),
    }),
  }
  const first = defineService({ id: 's', version: 1, machine: one })

  async function upgraded(steps: Migrations) {
    const life = new Life(first)
    await (await life.start()).send({ type: 'GO' })
    life.kill()
    const before = await (await life.store.read()).load('life')
    const later = new Life(defineService({ id: 's', version: 3, machine: three, migrations: steps }))
    Object.assign(later, { store: life.store, clock: life.clock })
    const service = await later.start()
    return { later, service, before }
  }

  test('goes on from where it was, with its children and timers', async () => {
    const { later, service } = await upgraded(migrations)
    const { value, context, children } = service.machine.getSnapshot()
    expect({ value, context, children: Object.keys(children) }).toEqual({
      value: 'fresh',
      context: { count: '2' },
      children: ['total'],
    })
    await later.clock.advance(50)
    expect(service.machine.getSnapshot().value).toBe('gone')
    await service.settled()
    const after = await later.restart()
    expect(after.machine.getSnapshot().value).toBe('gone')
  })

  test.each<[string, Migrations, string]>([
    ['a step is missing', { 2: (snapshot) => snapshot }, 'MISSING_MIGRATION'],
    [
      'a step throws',
      {
        ...migrations,
        2: () => {
          throw new Error('no')
        },
      },
      'MIGRATION_FAILED',
    ],
    ['what it made does not fit', { ...migrations, 2: (snapshot) => snapshot }, 'MIGRATION_FAILED'],
    [
      'what it made is no checkpoint',
      { ...migrations, 2: (snapshot) => ({ ...snapshot, value: 'fresh', children: [{ id: 'x' } as never] }) },
      'MIGRATION_FAILED',
    ],
    [
      'what it made is no list of timers',
      { ...migrations, 2: (snapshot) => ({ ...snapshot, value: 'fresh', children: [], timers: 5 as never }) },
      'MIGRATION_FAILED',
    ],
  ])('fails and keeps the checkpoint when %s', async (_, steps, code) => {
    const { later, service, before } = await upgraded(steps)
    expect(service.getSnapshot().value).toBe('failed')
    expect(later.failures).toMatchObject([{ code, service: 's', key: 'life' }])
    expect(await (await later.store.read()).load('life')).toEqual(before)
  })

  test('a state that a migration made up is the fault of that migration, not of the checkpoint', async () => {
    const { later } = await upgraded({ ...migrations, 2: (snapshot) => ({ ...snapshot, value: 'nowhere' }) })
    expect(later.failures).toMatchObject([
      {
        fromVersion: 2,
        message: expect.stringMatching(
          /^The migration from version 2 returned what does not fit at root\.snapshot\.value: .*“nowhere”\. Mend the migration;/,
        ),
      },
    ])
  })
})
