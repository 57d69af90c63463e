import { describe, expect, test } from 'vitest'
import { isWorthRetrying, retryAfterMs } from '../../machines/outbox/answer.js'
import { backoffMs } from '../../machines/outbox/policy.js'
import { quietForMs } from '../../machines/outbox/quiet-hours.js'

const HOUR_MS = 3_600_000

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }

  test.each([
    ['before', '2024-01-10T20:59:59.999Z', 0],
    ['at the first minute', '2024-01-10T21:00:00Z', 9 * HOUR_MS],
    ['after midnight', '2024-01-11T05:30:00Z', HOUR_MS / 2],
    ['in the last millisecond', '2024-01-11T05:59:59.999Z', 1],
    ['at the end', '2024-01-11T06:00:00Z', 0],
    ['in a night that is an hour shorter', '2024-03-30T21:00:00Z', 8 * HOUR_MS],
    ['in a night that is an hour longer', '2024-10-26T20:00:00Z', 10 * HOUR_MS],
  ])('%s', (_, at, expected) => {
    expect(quietForMs(night, Date.parse(at))).toBe(expected)
  })

  test('within one day', () => {
    const siesta = { from: '13:00', to: '15:00', timeZone: 'UTC' }
    expect(quietForMs(siesta, Date.parse('2024-01-10T14:00:00Z'))).toBe(HOUR_MS)
    expect(quietForMs(siesta, Date.parse('2024-01-10T16:00:00Z'))).toBe(0)
  })

  test('what cannot be read is refused', () => {
    expect(() => quietForMs({ ...night, to: '7' }, 0)).toThrow(RangeError)
    expect(() => quietForMs({ ...night, timeZone: 'Middle/Earth' }, 0)).toThrow(RangeError)
  })
})

test('the backoff doubles up to its limit, with jitter in its upper half', () => {
  const policy = { baseDelayMs: 1000, maxDelayMs: 10_000 }
  for (const [tries, full] of [
    [1, 1000],
    [2, 2000],
    [4, 8000],
    [5, 10_000],
    [2000, 10_000],
  ] as const) {
    const delays = Array.from({ length: 50 }, (_, index) => backoffMs(policy, tries, `id-${index}`))
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(full / 2)
    expect(Math.max(...delays)).toBeLessThanOrEqual(full)
    expect(new Set(delays).size).toBeGreaterThan(40)
    expect(delays[7]).toBe(backoffMs(policy, tries, 'id-7'))
  }
})

test('Retry-After prolongs the backoff, up to a day', () => {
  const policy = { baseDelayMs: 1000, maxDelayMs: 10_000 }
  expect(backoffMs(policy, 1, 'a', 60_000)).toBe(60_000)
  expect(backoffMs(policy, 1, 'a', 1)).toBe(backoffMs(policy, 1, 'a'))
  expect(backoffMs(policy, 1, 'a', Number.MAX_SAFE_INTEGER)).toBe(24 * HOUR_MS)
})

test.each([
  ['120', undefined, 120_000],
  ['Wed, 10 Jan 2024 12:01:00 GMT', 'Wed, 10 Jan 2024 12:00:00 GMT', 60_000],
  ['Wed, 10 Jan 2024 12:01:00 GMT', undefined, 31_000],
  ['Wed, 10 Jan 2024 11:00:00 GMT', undefined, 0],
  ['soon', undefined, undefined],
])('Retry-After: %s, Date: %s', (retryAfter, date, expected) => {
  const headers = new Headers({ 'Retry-After': retryAfter, ...(date === undefined ? {} : { Date: date }) })
  expect(retryAfterMs(headers, Date.parse('2024-01-10T12:00:29Z'))).toBe(expected)
})

test('what is worth another try', () => {
  expect([408, 425, 429, 500, 502, 503, 504].filter((status) => !isWorthRetrying(status))).toEqual([])
  expect([301, 400, 401, 404, 409, 410, 422].filter(isWorthRetrying)).toEqual([])
})
