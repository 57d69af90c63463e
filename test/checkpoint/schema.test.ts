import fc from 'fast-check'
import { type CheckpointRecord, InvalidCheckpointError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { brief, identityHead } from '../../src/checkpoint/brief.js'
import { checkRecord } from '../../src/checkpoint/schema.js'

const whole = {
  format: 1,
  service: 's',
  key: 'k',
  version: 2,
  machine: 'm',
  structure: '0a0b0c0d',
  incarnation: 'i',
  sequence: 3,
  epoch: 1,
  savedAtMs: 5,
  phase: 'failed',
  holds: ['user'],
  root: {
    id: 'k',
    src: '',
    systemId: 'sys',
    syncSnapshot: true,
    workKey: 'w',
    snapshot: { status: 'active', value: { a: 'b' }, context: { any: new Map() } },
    children: [
      { id: 'c', src: 'kid', snapshot: { status: 'done', output: 1 }, children: [] },
      { id: 'toString', src: 'kid', snapshot: { status: 'error', error: 1 }, children: [] },
    ],
  },
  timers: [
    {
      source: [],
      target: ['c'],
      id: 't',
      event: { type: 'E', more: 1 } as { type: string },
      delayMs: 1.5,
      dueAtMs: -2,
      remainingMs: Number.POSITIVE_INFINITY,
      policy: 'remaining',
    },
  ],
  inbox: [
    { event: { type: 'E' }, atMs: 1 },
    { event: { type: 'E' }, atMs: 1, key: 'x' },
  ],
  outbox: [
    { key: 'o', kind: 'emit', actor: ['c'], type: 'E', event: { type: 'E' } },
    {
      key: 'o',
      kind: 'action',
      actor: [],
      type: 'a',
      params: undefined,
      event: { type: 'E' },
      context: null,
    },
  ],
  eventKeys: ['a'],
  failure: { name: 'Error', message: 'm', atMs: 4 },
} satisfies CheckpointRecord

/** The record as it is written, read as JSON. */
function written(record: CheckpointRecord): unknown {
  const changes = brief({ failure: undefined, ...record })
  // The head ends in a comma, for something to come.
  return { ...JSON.parse(`{${identityHead(record)}"sequence":0}`), ...changes }
}

type Path = readonly (string | number)[]

/** A copy with one place changed. */
function changed(
  path: Path,
  change: (holder: Record<string | number, unknown>, at: string | number) => void,
) {
  const copy: unknown = structuredClone(whole)
  let holder = copy as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) holder = holder[step] as typeof holder
  change(holder, path.at(-1) ?? '')
  return copy
}

const set = (path: Path, value: unknown) =>
  changed(path, (holder, at) => {
    holder[at] = value
  })

/** Every place in a value whose shape is fixed: snapshots and events belong to the author. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    const free = key === 'snapshot' || key === 'event' || key === 'params' || key === 'context'
    return free ? [at] : [at, ...places(inner, at)]
  })
}

const error = (value: unknown): InvalidCheckpointError => {
  try {
    checkRecord(value)
  } catch (caught) {
    if (caught instanceof InvalidCheckpointError) return caught
    throw caught
  }
  throw new Error('accepted')
}

describe('a record', () => {
  test('that is whole is given back as it is, with its shared references', () => {
    const read = checkRecord(whole)
    expect(read).toStrictEqual(whole)
    expect(read.root).toBe(whole.root)
    expect(read.timers[0]?.event).toBe(whole.timers[0]?.event)
  })

  test('may leave out what is optional', () => {
    const root = { id: 'k', src: '', snapshot: { status: 'active' } } as const
    const { failure: _, ...rest } = { ...whole, root }
    const lists = { timers: [], inbox: [], outbox: [], holds: [], eventKeys: [] }
    const { timers, inbox, outbox, holds, eventKeys, ...least } = rest
    expect(checkRecord(least)).toStrictEqual({ ...least, ...lists })
    expect(written({ ...rest, ...lists })).toStrictEqual(least)
  })

  test('that is written and read has every list that it had, empty or not', () => {
    const lists = ['timers', 'inbox', 'outbox', 'holds', 'eventKeys'] as const
    fc.assert(
      fc.property(fc.subarray([...lists]), (emptied) => {
        const record: CheckpointRecord = {
          ...whole,
          ...Object.fromEntries(emptied.map((name) => [name, []])),
        }
        for (const name of emptied) expect(written(record)).not.toHaveProperty(name)
        expect(checkRecord(written(record))).toStrictEqual(record)
      }),
    )
  })

  test.each([undefined, null, 5, 'text', [], {}, () => {}])('is not %o', (value) => {
    expect(error(value)).toBeInstanceOf(InvalidCheckpointError)
  })

  const optional = new Set([
    ...['systemId', 'syncSnapshot', 'workKey', 'failure', 'params', 'context', 'key'],
    ...['children', 'timers', 'inbox', 'outbox', 'holds', 'eventKeys'],
  ])
  test.each(places(whole).map((path) => [path.join('.'), path] as const))(
    'is refused without %s, and with something else there',
    (_, path) => {
      const last = path.at(-1) ?? ''
      const isOptional = optional.has(String(last)) && !(last === 'key' && path[0] !== 'inbox')
      const parent = path.at(-2)
      const inList = typeof last === 'number'
      if (!inList && !isOptional) {
        const without = changed(path, (holder, at) => void delete holder[at])
        expect(error(without).path).toMatch(
          new RegExp(`^${path.join('.').replace(/[.]/g, '\\.')}|the record$`),
        )
      }
      // The author's own data may be anything.
      if ((last === 'params' || last === 'context') && parent !== 'snapshot') return
      for (const wrong of [Symbol('other'), { strange: 1 }, undefined, null]) {
        expect(error(set(path, wrong)).path).toContain(path.join('.'))
      }
    },
  )

  test.each<[string, Path]>([
    ['the record', ['more']],
    ['an actor', ['root', 'more']],
    ['a child', ['root', 'children', 0, 'more']],
    ['a timer', ['timers', 0, 'more']],
    ['an event of the inbox', ['inbox', 0, 'more']],
    ['an effect', ['outbox', 0, 'more']],
    ['a failure', ['failure', 'more']],
  ])('is refused with a field more in %s', (_, path) => {
    expect(error(set(path, 1)).path).toBe(path.join('.'))
  })

  test.each<[Path, unknown]>([
    [['format'], 2],
    [['format'], '1'],
    [['version'], 1.5],
    [['version'], -1],
    [['sequence'], 2 ** 53],
    [['sequence'], Number.NaN],
    [['epoch'], Number.POSITIVE_INFINITY],
    [['savedAtMs'], Number.NaN],
    [['savedAtMs'], 5n],
    [['savedAtMs'], 8.64e15 + 1],
    [['inbox', 0, 'atMs'], -8.64e15 - 1],
    [['phase'], 'sleeping'],
    [['phase'], 'toString'],
    [['holds', 0], 1],
    [['root', 'snapshot', 'status'], 'asleep'],
    [['root', 'systemId'], ''],
    [['root', 'children', 0, 'id'], ''],
    [['root', 'children', 0, 'id'], '__proto__'],
    [['root', 'children', 0, 'id'], 'constructor'],
    [['root', 'children', 0, 'id'], 'prototype'],
    [['timers', 0, 'policy'], 'later'],
    [['timers', 0, 'dueAtMs'], Number.NaN],
    [['timers', 0, 'target', 0], '__proto__'],
    [['timers', 0, 'target', 0], ''],
    [['timers', 0, 'event'], { type: 5 }],
    [['timers', 0, 'event'], 'E'],
    [['inbox', 0, 'event'], {}],
    [['outbox', 0, 'kind'], 'start'],
    [['outbox', 0, 'actor'], ['constructor']],
    [['outbox', 0, 'actor'], 'c'],
  ])('is refused with %j = %o', (path, value) => {
    // An actor is refused at the place that names it.
    const at = path.join('.')
    expect(at.startsWith(error(set(path, value)).path) || error(set(path, value)).path.startsWith(at)).toBe(
      true,
    )
  })

  test.each<[Path, unknown]>([
    [['version'], 0],
    [['sequence'], 0],
    [['epoch'], 0],
    [['epoch'], Number.MAX_SAFE_INTEGER],
    [['savedAtMs'], 8.64e15],
    [['savedAtMs'], -8.64e15],
  ])('may have %j = %o', (path, value) => {
    const record = set(path, value)
    expect(checkRecord(record)).toStrictEqual(record)
  })

  test('is refused as a whole where it is no object, and else at its first misfit', () => {
    expect(error(null).path).toBe('the record')
    expect(error({ ...whole, format: 2, phase: 'asleep' }).path).toBe('format')
  })

  test('is done only when its machine is', () => {
    const { path, message } = error({ ...whole, phase: 'done' })
    expect(path).toBe('phase')
    expect(message).toContain('the service is done, and its machine is not')
    const ended = { ...whole, phase: 'done', root: { ...whole.root, snapshot: { status: 'done' } } }
    expect(checkRecord(ended)).toStrictEqual(ended)
  })

  test('is refused with the remedy, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withNullPrototype: true, maxDepth: 4 }), (value) => {
        const { remedy, code } = error(value)
        expect(code).toBe('INVALID_CHECKPOINT')
        expect(remedy).toContain('migration')
      }),
    )
  })
})
