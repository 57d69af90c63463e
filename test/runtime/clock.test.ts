import { systemClock } from 'tardigrade'
import { afterEach, expect, test, vi } from 'vitest'
import { microtasks } from '../kit/clock.js'

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

const turn = setImmediate
/** All that Vitest needs of it, and no version of Node. */
const noNode: unknown = Object.create(process, { versions: { value: {} } })

/** As a page has it, without a port that would keep this process. */
class Channel {
  readonly port1 = { onmessage: () => {} }
  readonly port2 = { postMessage: () => void turn(() => this.port1.onmessage()) }
}

const slowed = () => expect.unreachable('a hidden page waits a minute for its timers')

test.each([
  ['Node', {}],
  ['Jest, which takes setImmediate from pages', { setImmediate: undefined, MessageChannel: undefined }],
  ['a browser', { process: noNode, setImmediate: undefined, MessageChannel: Channel, setTimeout: slowed }],
  [
    'React Native, whose setImmediate comes before that',
    { process: noNode, setImmediate: queueMicrotask, MessageChannel: undefined },
  ],
])('who yields goes on when the platform had its turn: %s', async (_, platform) => {
  for (const [name, value] of Object.entries(platform)) vi.stubGlobal(name, value)
  const order: string[] = []
  const turns = ['yielded', 'yielded too'].map((name) =>
    new Promise<void>((resolve) => systemClock.yieldThen(resolve)).then(() => order.push(name)),
  )
  await microtasks(10)
  order.push('promises')
  await Promise.all(turns)
  expect(order).toEqual(['promises', 'yielded', 'yielded too'])
})
