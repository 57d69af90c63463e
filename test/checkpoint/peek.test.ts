import { DamagedCheckpointError, InvalidCheckpointError, NewerCheckpointError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { machineValueOf, tryPeek, tryPeekWhole } from '../../src/checkpoint/peek.js'
import { fillRepeats } from '../../src/checkpoint/repeats.js'
import { FORMAT, seal } from '../../src/checkpoint/seal.js'

const record = {
  format: 1,
  service: 'lamp',
  key: 'hall',
  version: 1,
  machine: 'lamp',
  structure: 'none',
  incarnation: 'i',
  sequence: 1,
  epoch: 1,
  savedAtMs: 0,
  phase: 'running',
  root: {
    id: '',
    src: '',
    snapshot: { status: 'active', value: 'on', context: {} as unknown },
    children: [] as unknown[],
  },
}

const ofRoot = (root: object) => ({ ...record, root: { ...record.root, ...root } })
const stored = (text: string) => ({
  key: 'hall',
  service: 'lamp',
  version: 1,
  sequence: 1,
  epoch: 1,
  savedAtMs: 0,
  phase: 'running' as const,
  wakeAtMs: undefined,
  text,
})
const peeked = (body: unknown) => tryPeek(stored(seal(JSON.stringify(body))))

describe('a checkpoint is looked into without its definition', () => {
  test('one that is sound, with what stands in several places in all of them', () => {
    const snapshot = { ...record.root.snapshot, context: { a: { n: 1 }, b: null } }
    const path = 'root.snapshot.context'
    const meta = { v: 1, referentialEqualities: { [`${path}.a`]: [`${path}.b`] } }
    const found = peeked({ json: ofRoot({ snapshot }), meta })
    if (!('record' in found)) throw found.error
    expect(machineValueOf(found.record)).toBe('on')
    expect(found.record.root.snapshot.context).toEqual({ a: { n: 1 }, b: { n: 1 } })
    expect(found.record.timers).toEqual([])
  })

  // A child in a child in a child …, as text: no JSON.stringify goes so deep.
  const children = '{"id":"c","src":"c","snapshot":{"status":"active"},"children":['.repeat(20_000)
  const deep = JSON.stringify({ json: ofRoot({ children: ['here'] }) }).replace(
    '"here"',
    `${children}${']}'.repeat(20_000)}`,
  )

  test.each([
    ['whose record is none', seal('{"json":{}}'), InvalidCheckpointError, /format/],
    ['whose body is no JSON', seal('{'), DamagedCheckpointError, /no JSON/],
    ['whose body is a list', seal('[]'), DamagedCheckpointError, /form/],
    ['whose body is a number', seal('7'), DamagedCheckpointError, /form/],
    ['that is cut off', seal('{"json":{}}').slice(0, -4), DamagedCheckpointError, /./],
    ['that is deeper than the stack', seal(deep), DamagedCheckpointError, /cannot be read/],
    [
      'of a later format',
      seal('{"json":{}}').replace(`tardigrade/${FORMAT}`, `tardigrade/${FORMAT + 1}`),
      NewerCheckpointError,
      /format/,
    ],
  ])('one %s is told in an error with its service and key', (_, text, type, message) => {
    const found = tryPeek(stored(text))
    expect(found).toMatchObject({ error: { service: 'lamp', key: 'hall' } })
    if (!('error' in found)) throw new Error('it was read')
    expect(found.error).toBeInstanceOf(type)
    expect(found.error.message).toMatch(message)
  })
})

test('an error keeps what made the body no JSON', () => {
  expect(tryPeek(stored(seal('{')))).toMatchObject({ error: { cause: expect.any(SyntaxError) } })
})

describe('what superjson wrote once', () => {
  test('is put where the root stands too', () => {
    const json: Record<string, unknown> = { self: null, a: [1], b: null }
    fillRepeats(json, [['self'], { a: ['b'] }])
    expect(json.self).toBe(json)
    expect(json.b).toBe(json.a)
  })

  test.each([
    ['no place', { a: 'b' }],
    ['a place that is no text', { a: [1] }],
    ['a place that is no path', { a: ['b\\c'] }],
    ['a place that is not there', { a: ['c'] }],
    ['a place in what is none', { a: ['n.d', 'none.at.all'] }],
    ['a place that holds something', { a: ['n'] }],
    ['a prototype', { a: ['__proto__'] }],
    ['equalities that are none', 'a'],
  ])('is put nowhere else: %s', (_, equalities) => {
    const json = { a: {}, b: 'b', n: 1 }
    fillRepeats(json, equalities)
    expect(json).toEqual({ a: {}, b: 'b', n: 1 })
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype)
  })

  test('is nothing where it is said to stand nowhere', () => {
    const json = { a: null as unknown }
    fillRepeats(json, { 'no\\path': ['a'] })
    expect(json.a).toBeUndefined()
  })
})

describe('with its values as they were', () => {
  const decode = (body: string) => ({
    ...JSON.parse(body).json,
    timers: [],
    holds: [],
    inbox: [],
    outbox: [],
    eventKeys: [],
  })
  const whole = (text: string, how = decode) => tryPeekWhole(stored(text), how)

  test('where they can be told; else its plain half, or what is wrong with it', () => {
    const body = JSON.stringify({ json: record })
    expect(whole(seal(body))).toMatchObject({ isWhole: true, record: { key: 'hall' } })
    const throwing = () => {
      throw new Error('a type that nobody knows here')
    }
    expect(whole(seal(body), throwing)).toMatchObject({ isWhole: false, record: { key: 'hall' } })
    const newer = seal(body).replace(`tardigrade/${FORMAT}`, `tardigrade/${FORMAT + 1}`)
    expect(whole(newer)).toEqual({ error: expect.any(NewerCheckpointError) })
  })
})
