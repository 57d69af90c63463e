import { afterEach, expect, test, vi } from 'vitest'
import type { ServerMessage } from '../../src/inspect/stream/message.js'
import { Store } from '../../visualizer/src/store/store.js'
import { connect } from '../../visualizer/src/transport/socket.js'

/** A socket that is worked by the test. */
class FakeSocket {
  static readonly OPEN = 1
  static readonly made: FakeSocket[] = []
  readonly readyState = 1
  readonly sent: { readonly type: string; readonly incarnation?: string }[] = []
  onopen: (() => void) | undefined
  onmessage: ((event: { readonly data: string }) => void) | undefined
  onclose: (() => void) | undefined
  constructor() {
    FakeSocket.made.push(this)
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  say(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  close(): void {}
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('after a reconnection the page goes on from where it was, and acknowledges only what it was told since', () => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  const store = new Store()
  const told: string[] = []
  const transport = connect('ws://127.0.0.1/stream', 'secret', {
    message: (message) => store.apply(message),
    connection: ({ status }) => told.push(status),
    damaged: () => told.push('damaged'),
    seen: () => ({ seen: Object.fromEntries(store.seen), charts: [...store.charts.keys()] }),
  })
  const long = 'x'.repeat(300_000)
  const entry = (sequence: number) => ({
    sequence,
    atMs: 1,
    key: 'k',
    kind: 'event' as const,
    to: [],
    event: { type: long },
  })
  const [first] = FakeSocket.made
  first?.onopen?.()
  first?.say({ type: 'hello', version: 1, pid: 1, control: false })
  first?.say({ type: 'entries', incarnation: 'old', entries: [entry(1)] })
  expect(first?.sent.at(-1)).toEqual({ type: 'ack', incarnation: 'old', sequence: 1 })
  first?.onclose?.()
  vi.runOnlyPendingTimers()
  const second = FakeSocket.made[1]
  second?.onopen?.()
  expect(second?.sent[0]).toEqual({
    type: 'hello',
    version: 1,
    token: 'secret',
    seen: { old: 1 },
    charts: [],
  })
  second?.say({ type: 'entries', incarnation: 'new', entries: [entry(1)] })
  expect(second?.sent.filter(({ type }) => type === 'ack')).toEqual([
    { type: 'ack', incarnation: 'new', sequence: 1 },
  ])
  expect(told).toEqual(['connecting', 'open', 'lost', 'connecting'])
  // Another process answers for a while, which knows nothing of the token.
  second?.say({ type: 'refused', code: 'TOKEN', message: 'Another token.' })
  expect(store.refusal.peek()).toMatch(/^Another process answers at this address/)
  second?.onclose?.()
  vi.runOnlyPendingTimers()
  const [, , third] = FakeSocket.made
  third?.onopen?.()
  third?.say({ type: 'hello', version: 1, pid: 1, control: false })
  expect(store.refusal.peek()).toBeUndefined()
  // It has read nothing for a while, and goes on from where it was.
  third?.say({ type: 'refused', code: 'TOO_MANY', message: 'More waits for you than is kept.' })
  third?.onclose?.()
  vi.runOnlyPendingTimers()
  const fourth = FakeSocket.made[3]
  fourth?.onopen?.()
  fourth?.say({ type: 'hello', version: 1, pid: 1, control: false })
  expect([told.at(-1), store.refusal.peek()]).toEqual(['open', undefined])
  // What it cannot speak ends it for good.
  fourth?.say({ type: 'refused', code: 'VERSION', message: 'Another version.' })
  fourth?.onclose?.()
  vi.runOnlyPendingTimers()
  expect(FakeSocket.made).toHaveLength(4)
  expect(told.at(-1)).toBe('refused')
  transport.close()
})

test('a page that is thrown out right after each hello waits longer each time, and as at first once a connection has stood', () => {
  vi.useFakeTimers()
  FakeSocket.made.length = 0
  vi.stubGlobal('WebSocket', FakeSocket)
  const waitsMs: number[] = []
  const transport = connect('ws://127.0.0.1/stream', 'secret', {
    message: () => {},
    connection: (next) => void (next.status === 'lost' && waitsMs.push(next.retryAtMs - Date.now())),
    damaged: () => {},
    seen: () => ({ seen: {}, charts: [] }),
  })
  const stand = (ms: number) => {
    const socket = FakeSocket.made.at(-1)
    socket?.onopen?.()
    socket?.say({ type: 'hello', version: 1, pid: 1, control: false })
    vi.advanceTimersByTime(ms)
    socket?.onclose?.()
    vi.runOnlyPendingTimers()
  }
  for (const ms of [0, 0, 0, 4999, 5000, 0]) stand(ms)
  expect(waitsMs).toEqual([250, 500, 1000, 2000, 250, 500])
  transport.close()
})

test('what is no message, and what is not in its order, is told; a hole is a gap, and all else is shown', () => {
  FakeSocket.made.length = 0
  vi.stubGlobal('WebSocket', FakeSocket)
  const store = new Store()
  let damaged = 0
  const transport = connect('ws://127.0.0.1/stream', 'secret', {
    message: (message) => store.apply(message),
    connection: () => {},
    damaged: () => damaged++,
    seen: () => ({ seen: Object.fromEntries(store.seen), charts: [] }),
  })
  const [socket] = FakeSocket.made
  const entry = (sequence: number) => ({ sequence, atMs: 1, key: 'k', kind: 'asleep' as const })
  const say = (...sequences: number[]) =>
    socket?.say({ type: 'entries', incarnation: 'p', entries: sequences.map(entry) })
  const moments = () =>
    store.services
      .get('k')
      ?.moments.all()
      .map((moment) => (moment.type === 'gap' ? `${moment.missing} missing` : moment.type))
  socket?.onmessage?.({ data: '{"type":' })
  socket?.onmessage?.({ data: '[]' })
  expect(damaged).toBe(2)
  say(1)
  say(2)
  expect([damaged, moments()]).toEqual([2, ['entry', 'entry']])
  say(5)
  expect([damaged, moments()]).toEqual([2, ['entry', 'entry', '2 missing', 'entry']])
  say(7, 6)
  expect(damaged).toBe(3)
  expect(store.seen.get('p')).toBe(7)
  transport.close()
})
