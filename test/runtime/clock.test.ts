import { systemClock } from 'tardigrade'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => void vi.unstubAllGlobals())

/** Whether a timer keeps the process going. */
function keeps(background: boolean | undefined): boolean {
  const handle = systemClock.setTimer(() => {}, 60_000, background) as NodeJS.Timeout
  systemClock.clearTimer(handle)
  return handle.hasRef()
}

test('a timer keeps the process going, but for one in the background', () => {
  expect([keeps(undefined), keeps(false), keeps(true)]).toEqual([true, true, false])
})

test('where timers are numbers, as in browsers, one in the background is as any other', () => {
  vi.stubGlobal('setTimeout', () => 7)
  expect(systemClock.setTimer(() => {}, 60_000, true)).toBe(7)
})

test.each([true, false])(
  'who yields goes on in another turn; the platform has setImmediate: %s',
  async (has) => {
    if (!has) vi.stubGlobal('setImmediate', undefined)
    const order: string[] = []
    const yielded = new Promise<void>((resolve) => systemClock.yieldThen(resolve)).then(() =>
      order.push('yielded'),
    )
    await Promise.resolve().then(() => order.push('promise'))
    await yielded
    expect(order).toEqual(['promise', 'yielded'])
  },
)
