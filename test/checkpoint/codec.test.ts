import fc from 'fast-check'
import SuperJSON, { type SuperJSONResult } from 'superjson'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCodec } from '../../src/checkpoint/codec/codec.js'
import { readJson } from '../../src/checkpoint/json.js'
import { build, difference, Money, options, specs } from './codec-values.js'
import { referenceOf } from './superjson.js'

const codec = createCodec(options)
const plainCodec = createCodec()
const reference = referenceOf(options)

const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value))

describe('the text', () => {
  it('is what superjson writes, shared and cyclic references included', () => {
    const property = fc.property(specs(true), (spec) => {
      const value = build(spec, [], new Set())
      const theirs = readJson(JSON.stringify(reference.serialize(value)))
      expect(readJson(codec.encode(value))).toEqual(theirs)
    })
    fc.assert(property, { numRuns: 3000 })
  })

  it('is read by superjson', () => {
    const property = fc.property(specs(false), (spec) => {
      const value = build(spec, [], new Set())
      // Its `parse` is this with JSON.parse, which takes one key for another on some engines: see readJson.
      const payload = readJson(codec.encode(value)) as SuperJSONResult
      expect(difference(value, reference.deserialize(payload))).toBeUndefined()
    })
    fc.assert(property, { numRuns: 1500 })
  })

  it('is superjson’s own default format where nothing is shared', () => {
    const value = { a: [1n, undefined], 'b.c': new Map([[{ k: new Date(0) }, new Set(['x'])]]), d: -0 }
    expect(JSON.parse(plainCodec.encode(value))).toEqual(JSON.parse(SuperJSON.stringify(value)))
  })

  it('is plain JSON for plain data', () => {
    expect(codec.encode({ a: [1, 'x', null, true] })).toBe('{"json":{"a":[1,"x",null,true]}}')
  })

  it('is the same when its first members were written before', () => {
    const property = fc.property(
      fc.dictionary(fc.stringMatching(/^h\w*$/), fc.string()),
      specs(true),
      (first, spec) => {
        const value = build(spec)
        const head = Object.keys(first).length === 0 ? '' : `${JSON.stringify(first).slice(1, -1)},`
        expect(codec.encode({ value }, head)).toBe(codec.encode({ ...first, value }))
      },
    )
    fc.assert(property, { numRuns: 500 })
  })

  it('writes a shared object once, so that a graph of n objects stays small', () => {
    let value: object = { leaf: true }
    for (let level = 0; level < 60; level++) value = { left: value, right: value }
    expect(codec.encode(value).length).toBeLessThan(50_000)
    expect(difference(value, roundTrip(value))).toBeUndefined()
  })
})

describe('a round trip', () => {
  it('keeps every supported value and which references are one', () => {
    const property = fc.property(specs(true), (spec) => {
      const value = build(spec)
      expect(difference(value, roundTrip(value))).toBeUndefined()
    })
    fc.assert(property, { numRuns: 3000 })
  })

  it('reads the texts of superjson, in which equal BigInts and NaNs are shared references', () => {
    const property = fc.property(specs(true), (spec) => {
      const value = build(spec)
      expect(difference(value, codec.decode(reference.stringify(value)))).toBeUndefined()
    })
    fc.assert(property, { numRuns: 1500 })
  })

  it('reads the texts of superjson without dedupe as well', () => {
    const duplicating = new SuperJSON()
    const shared = { at: new Date(5), self: undefined as unknown }
    shared.self = shared
    // superjson itself loses the cycle here: it mends the copy that it then replaces.
    const value = { deep: { er: shared }, near: shared, set: new Set([shared, 1, { shared }]) }
    expect(difference(value, codec.decode(duplicating.stringify(value)))).toBeUndefined()
  })

  it('leaves the value untouched', () => {
    const property = fc.property(specs(true), (spec) => {
      const value = build(spec)
      codec.encode(value)
      // Stacks differ between two builds, so errors are compared by the rest.
      const strip = (text: string) => text.replace(/"stack":"(?:[^"\\]|\\.)*"/g, '')
      expect(strip(codec.encode(value))).toBe(strip(codec.encode(build(spec))))
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('keeps identity where superjson loses it: in classes, Sets and Map keys', () => {
    const shared = { s: 1 }
    const set = new Set<unknown>([shared, 'between', { shared }])
    const map = new Map<unknown, unknown>([[null, 1]])
    map.set(map, 2)
    map.set(shared, 3)
    const value = { money: new Money(shared, set), set, map, shared }
    expect(difference(value, roundTrip(value))).toBeUndefined()
  })

  it('gives an object without prototype the usual one, as superjson does', () => {
    const bare: object = Object.assign(Object.create(null), { a: 1n })
    expect(Object.getPrototypeOf(roundTrip(bare))).toBe(Object.prototype)
    expect(roundTrip(bare)).toEqual({ a: 1n })
  })

  it('reads getters as values', () => {
    const value = {
      x: 2,
      get double() {
        return new Date(this.x * 2)
      },
    }
    expect(roundTrip(value)).toEqual({ x: 2, double: new Date(4) })
  })

  it('writes no equality for what a getter gave only once', () => {
    const shared = { s: 1 }
    let reads = 0
    const value = {
      shared,
      get fickle() {
        return reads++ === 0 ? shared : { s: 1 }
      },
    }
    expect(codec.decode(codec.encode(value))).toEqual({ shared: { s: 1 }, fickle: { s: 1 } })
    reads = 0
    expect(codec.encode(value)).not.toContain('referentialEqualities')
  })

  it('does not run the setters of a registered class', () => {
    let ran = 0
    class Trap {
      set armed(_: unknown) {
        ran++
      }
    }
    const trapped = createCodec({ classes: { Trap } })
    trapped.decode('{"json":{"armed":1},"meta":{"values":[["class","Trap"]],"v":1}}')
    expect(ran).toBe(0)
  })

  it('keeps what is an object’s own, and not what a class of old has put on its prototype', () => {
    function Old(this: { own: number }) {
      this.own = 1
    }
    Old.prototype.greeting = 'hello'
    // Functions were classes before there were any.
    const Class = Old as unknown as new () => { own: number; greeting: string }
    const olds = createCodec({ classes: { Old: Class } })
    const text = olds.encode(new Class())
    expect(text).not.toContain('hello')
    expect(olds.decode(text)).toEqual(new Class())
  })

  it('keeps nothing of what somebody has put on the prototype of all objects', () => {
    onTestFinished(() => void Reflect.deleteProperty(Object.prototype, 'everywhere'))
    Object.defineProperty(Object.prototype, 'everywhere', {
      value: 1n,
      enumerable: true,
      writable: true,
      configurable: true,
    })
    expect(codec.encode({ a: 1n })).not.toContain('everywhere')
  })

  it('looks away from symbols that are not enumerable, and reads elements that are not', () => {
    const named = Object.defineProperty({ a: 1 }, Symbol('hidden'), { value: 2, enumerable: false })
    expect(roundTrip(named)).toEqual({ a: 1 })
    expect(roundTrip(Object.defineProperty([1, 2], 1, { enumerable: false }))).toEqual([1, 2])
  })

  it('keeps the longest BigInts, whose sign is no digit', () => {
    const longest = 10n ** 10_000n - 1n
    expect(roundTrip([longest, -longest])).toEqual([longest, -longest])
  })

  it('keeps null, which a custom rule may give', () => {
    class Nothing {}
    const applies = (value: object) => value instanceof Nothing
    const custom = { name: 'nothing', applies, encode: () => null, decode: () => new Nothing() }
    const nothings = createCodec({ customs: [custom] })
    expect(nothings.decode(nothings.encode([new Nothing()]))).toEqual([new Nothing()])
  })

  it('keeps dates of every year', () => {
    const property = fc.property(fc.integer({ min: -864e13, max: 864e13 }), (ms) => {
      const text: { json: string } = JSON.parse(codec.encode(new Date(ms)))
      expect(text.json).toBe(new Date(ms).toISOString())
    })
    fc.assert(property, { numRuns: 5000 })
  })
})

describe('look-alikes', () => {
  const scalars = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean(), fc.constant(null))
  const refShaped = fc.oneof(
    fc.record({ xstate$$type: fc.constant(1), id: fc.string({ maxLength: 3 }) }),
    fc.record({ sessionId: scalars, send: scalars, ref: scalars }),
  )
  const notes = fc.constantFrom<unknown>(
    ['Date'],
    ['undefined'],
    ['map'],
    [['class', 'Money']],
    ['custom', 'error'],
  )
  const codecShaped = fc.record(
    {
      json: fc.oneof(scalars, refShaped, fc.array(fc.tuple(scalars, scalars), { maxLength: 2 })),
      meta: fc.record(
        {
          values: fc.oneof(
            notes,
            fc.dictionary(fc.constantFrom('json', 'a.b', 'meta'), notes, { maxKeys: 2 }),
          ),
          referentialEqualities: fc.constantFrom<unknown>({ json: ['meta'] }, [['json']]),
          v: fc.constant(1),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['json'] },
  )
  const data = fc.oneof(
    refShaped,
    codecShaped,
    fc.array(codecShaped, { maxLength: 2 }),
    fc.dictionary(fc.constant('a'), refShaped),
  )

  it('come back as the plain data they are, 10,000 times', () => {
    const property = fc.property(data, fc.boolean(), (look, typed) => {
      const value = typed ? { look, at: new Date(1), again: [look] } : look
      const back = roundTrip(value)
      if (difference(value, back) !== undefined) expect(back).toEqual(value)
    })
    fc.assert(property, { numRuns: 10_000 })
  })
})
