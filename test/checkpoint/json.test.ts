import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createCodec } from '../../src/checkpoint/codec/codec.js'
import { readJson } from '../../src/checkpoint/json.js'

// The source of the second key begins with the first: V8 may take it for the first one, where that was seen.
const LOOK_ALIKES = [
  ['\\', '\n'],
  ['\\', '"'],
  ['\\', '\u0000'],
  ['\\', '\ud800'],
  ['\\n', '\nx'],
  ['\\\\', '\\x'],
  ['C:\\\\tem', 'C:\\temp'],
  ['say \\"hi', 'say "hi"'],
] as const

let shapes = 0
/** A first key that no object had yet, so that each test has objects of its own shape. */
const freshKey = () => `shape ${++shapes}`

const keysOf = (value: unknown) => Object.keys(value as object)

describe('an escaped key', () => {
  it.each(LOOK_ALIKES)('is itself where %j was seen before: %j', (seen, key) => {
    const first = freshKey()
    expect(keysOf(readJson(JSON.stringify({ [first]: [], [seen]: 0 })))).toEqual([first, seen])
    const text = JSON.stringify({ [first]: 0, [key]: 0 })
    expect(keysOf(readJson(text))).toEqual([first, key])
    expect(keysOf(readJson(text.replaceAll('":', '" \n\r\t:')))).toEqual([first, key])
  })

  it.each(LOOK_ALIKES)('is itself in a checkpoint where %j was seen before: %j', (seen, key) => {
    const codec = createCodec()
    const first = freshKey()
    const value = { [first]: 0, [key]: new Date(0) }
    codec.decode(codec.encode({ [first]: [], [seen]: 0 }))
    expect(codec.decode(codec.encode(value))).toStrictEqual(value)
  })

  it('is itself whatever was read before', () => {
    const keys = fc.array(fc.constantFrom('\\', '"', '\n', 'n', 'u', '0', '\u0001', 'é', '\u2028'), {
      minLength: 1,
      maxLength: 3,
    })
    const { node } = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(0, 'x\n', '"', 0.5, null),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          keys.map((chars) => chars.join('')),
          tie('node'),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }))
    const property = fc.property(node, (value) => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(readJson(text))).toBe(text)
    })
    fc.assert(property, { numRuns: 10_000 })
  })
})

describe('a text with an escaped key', () => {
  /** What stands in a text beside an escaped key, which is what makes it be read a second time. */
  const beside = (text: string): unknown => {
    const [read, escaped] = readJson(`[${text},{"\\u00e9":true}]`) as unknown[]
    expect(escaped).toStrictEqual({ é: true })
    return read
  }

  it('is read as JSON.parse reads it', () => {
    const property = fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(beside(JSON.stringify(value, null, indent)))).toBe(text)
    })
    fc.assert(property, { numRuns: 2000 })
  })

  it.each([
    ' \t\n\r{ "a"\t:\n[\r] , "b" : { } } ',
    '[-0, 0, 1e3, -1.5E-7, 1e400, 12345678901234567890]',
    '[true , false , null]',
    '["", "\\"", "\\\\", "\\\\\\"", "\\u0041\\ud83d\\ude00", "{\\"a\\":1}", "[,]"]',
    '{"b":1,"a":2,"b":3}',
    '{"b":1,"10":2,"9":3}',
    '{"":{"":[[],{}]}}',
  ])('may hold %s', (text) => {
    const [read, parsed] = [beside(text), JSON.parse(text)]
    expect(read).toStrictEqual(parsed)
    expect(JSON.stringify(read)).toBe(JSON.stringify(parsed))
  })

  it('may write one key in two ways, of which the last one counts', () => {
    const read = readJson('{"\\n":1,"b":2,"\\u000a":3,"\\u0031":4,"1":5}')
    expect(JSON.stringify(read)).toBe('{"1":5,"\\n":3,"b":2}')
  })

  it('may hold __proto__, as a property like any other', () => {
    const read = readJson('{"\\u005f_proto__":{"a":1},"b":{"__proto__":null}}') as Record<string, object>
    expect(Object.getOwnPropertyDescriptor(read, '__proto__')).toEqual({
      value: { a: 1 },
      enumerable: true,
      writable: true,
      configurable: true,
    })
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(keysOf(read.b)).toEqual(['__proto__'])
  })

  it('may be of any depth', () => {
    const levels = 200_000
    let read = readJson(`${'{"\\n":['.repeat(levels)}${']}'.repeat(levels)}`) as { '\n': unknown[] }
    for (let level = 1; level < levels; level++) read = read['\n'][0] as typeof read
    expect(read).toStrictEqual({ '\n': [] })
  })

  it.each(['', '{"\\n"}', '{"\\n":1', '{"\\n":1}}', '{"\\x":1}', '["\\"]', '{"\\n":01}', '\\'])(
    'is refused when it is no JSON: %s',
    (text) => {
      expect(() => readJson(text)).toThrow(SyntaxError)
    },
  )
})

describe('an engine that misreads escaped keys', () => {
  /** What comes of a text that the engine reads as 7. */
  const readAfterMisreading = (text: string): unknown => {
    const misreading = vi.spyOn(JSON, 'parse').mockImplementationOnce(() => 7)
    try {
      return readJson(text)
    } finally {
      misreading.mockRestore()
    }
  }

  it.each(['{"\\n":1}', '{"a":"\\n","\\\\":1}', '{"a":["\\"","\\\\"],"b\\t" \n\r\t:{}}', '[{"\\"":0}]'])(
    'is not believed: %s',
    (text) => {
      expect(readAfterMisreading(text)).toStrictEqual(JSON.parse(text))
    },
  )

  it.each(['{"a":"\\n"}', '["\\\\",":"]', '{"a":"\\"","b": "\\"" , "c":1}', '"\\":"', '{"a":1}'])(
    'is believed where no key is escaped, and the text is read once: %s',
    (text) => {
      expect(readAfterMisreading(text)).toBe(7)
    },
  )
})
