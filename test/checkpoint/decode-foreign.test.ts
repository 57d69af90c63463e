import { UndecodableError } from 'tardigrade'
import { expect, test } from 'vitest'
import { createCodec } from '../../src/checkpoint/codec/codec.js'
import { foreignDecoder } from '../../src/checkpoint/codec/decode-foreign.js'

class Point {
  constructor(readonly n: number) {}
}
class PumpError extends Error {}

const { encode } = createCodec({ classes: { Point, PumpError } })
const decode = foreignDecoder([])

test('built-in types are as they were, an instance of a class that nobody has here is its members', () => {
  expect(decode(encode([7n, new Point(1)]))).toEqual([7n, { n: 1 }])
})

test('an error is an Error, also one of a class that nobody has here', () => {
  for (const error of [new Error('dry'), new PumpError('dry')]) {
    const found = decode(encode(error))
    expect(found).toBeInstanceOf(Error)
    expect(found).toMatchObject({ message: 'dry' })
  }
})

test('a custom type that nobody knows here is refused by name', () => {
  const text = JSON.stringify({ json: 1, meta: { values: [['custom', 'money']], v: 1 } })
  expect(() => decode(text)).toThrow(UndecodableError)
  expect(() => decode(text)).toThrow(/money/)
})
