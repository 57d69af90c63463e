import { describe, expect, it, vi } from 'vitest'
import { createCodec } from '../../src/checkpoint/codec/codec.js'
import { difference, HttpError, options } from './codec-values.js'
import { referenceOf } from './superjson.js'

const codec = createCodec()
const back = (value: unknown, of = codec): unknown => of.decode(of.encode(value))

describe('errors as data', () => {
  it('keep name, message, stack and own primitive properties', () => {
    const error = Object.assign(new Error('no such file'), {
      code: 'ENOENT',
      errno: -2,
      syscall: 'open',
      big: 1n,
    })
    error.name = 'FsError'
    const revived = back(error)
    expect(revived).toBeInstanceOf(Error)
    expect(revived).toMatchObject({ name: 'FsError', code: 'ENOENT', errno: -2, syscall: 'open', big: 1n })
    expect(revived).toMatchObject({ message: 'no such file', stack: error.stack })
    expect(difference(error, revived)).toBeUndefined()
    expect(Object.keys(revived as Error)).not.toContain('message')
  })

  it('leave out objects and functions, such as sockets and requests', () => {
    const error = Object.assign(new Error('e'), { status: 503, request: { retry() {} }, retry() {} })
    expect(Object.keys(back(error) as Error)).toEqual(['status'])
    expect(back(Object.assign(new Error('e'), { errors: ['x'] }))).not.toHaveProperty('errors')
  })

  it('come back as the native class of their name', () => {
    expect(back(new TypeError('t'))).toBeInstanceOf(TypeError)
    expect(back(new HttpError('h'))).not.toBeInstanceOf(HttpError)
    expect(back(new HttpError('h'))).toMatchObject({ name: 'HttpError', status: 500 })
  })

  it('come back as their own class where it is registered', () => {
    const error = new HttpError('h', { cause: new Date(3) })
    const revived = back(error, createCodec(options))
    expect(revived).toBeInstanceOf(HttpError)
    expect(difference(error, revived)).toBeUndefined()
  })

  it('keep causes of any type, shared and cyclic ones too', () => {
    const shared = { at: new Date(1) }
    const inner = new RangeError('inner', { cause: new Map([['shared', shared]]) })
    const error = new Error('outer', { cause: inner })
    Object.assign(inner, { cause: { shared, error } })
    expect(difference([shared, error], back([shared, error]))).toBeUndefined()
  })

  it('keep a cause of undefined apart from none', () => {
    expect(Object.hasOwn(back(new Error('e', { cause: undefined })) as Error, 'cause')).toBe(true)
    expect(Object.hasOwn(back(new Error('e')) as Error, 'cause')).toBe(false)
  })

  it('keep a cause that cannot be encoded as its text, at every level', () => {
    class Socket {
      toString() {
        return 'a socket'
      }
    }
    const inner = new Error('inner', { cause: new Socket() })
    const revived = back({
      failed: [new Error('outer', { cause: inner }), new Error('f', { cause: () => 1 })],
    })
    expect(revived).toMatchObject({
      failed: [{ cause: { message: 'inner', cause: 'a socket' } }, { cause: '() => 1' }],
    })
  })

  it('still refuse elsewhere what a cause may lose', () => {
    const lost = { fine: 1, f() {} }
    expect(() => codec.encode([new Error('e', { cause: lost }), lost])).toThrow(/1\.f/)
    expect(back([new Error('e', { cause: lost }), new Error('e', { cause: lost })])).toHaveLength(2)
  })

  it('do not take an object of a lost cause for shared', () => {
    const shared = { s: 1 }
    const value = [new Error('e', { cause: { shared, f() {} } }), { shared }]
    expect(codec.encode(value)).not.toContain('referentialEqualities')
    expect(back(value)).toMatchObject([{ cause: '[object Object]' }, { shared: { s: 1 } }])
  })

  it('take a time that grows with the chain of causes, not with its powers', () => {
    let error = new Error('0')
    for (let level = 1; level < 200; level++) error = new Error(String(level), { cause: error })
    expect(difference(error, back(error))).toBeUndefined()
  })

  it('keep the errors of an AggregateError', () => {
    const error = new AggregateError([new TypeError('a'), { b: 1n }], 'both')
    const revived = back(error)
    expect(revived).toBeInstanceOf(AggregateError)
    expect(difference(error, revived)).toBeUndefined()
  })

  it('keep a DOMException’s name and message', () => {
    expect(back(AbortSignal.abort().reason)).toMatchObject({
      name: 'AbortError',
      message: 'This operation was aborted',
    })
  })

  it('are written as superjson writes them', () => {
    const value = {
      e: new AggregateError([new HttpError('h', { cause: () => 1 })]),
      f: new Error('x', { cause: 1n }),
    }
    for (const own of [{}, options]) {
      const [of, reference] = [createCodec(own), referenceOf(own)]
      expect(JSON.parse(of.encode(value))).toEqual(JSON.parse(reference.stringify(value)))
      expect(difference(of.decode(of.encode(value)), reference.parse(of.encode(value)))).toBeUndefined()
    }
  })
})

describe('dates', () => {
  it('made under fake timers are dates', () => {
    vi.useFakeTimers({ now: 5 })
    try {
      expect(codec.encode(new Date())).toContain('1970-01-01T00:00:00.005Z')
    } finally {
      vi.useRealTimers()
    }
  })
})
