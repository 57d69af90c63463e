import { createRequire } from 'node:module'
import { createSupervisor, defineService } from 'tardigrade'
import { type XState4InspectorOptions, xstate4Inspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { assign, fromPromise, setup } from 'xstate'
import { settle } from '../kit/clock.js'

/** The real package, with XState 4, as far as the tests use it. */
interface Package {
  createWebSocketReceiver(options: { readonly server: string }): Receiver
  createWindowReceiver(options: { readonly window: unknown; readonly targetWindow: unknown }): Receiver
}
interface Receiver {
  subscribe(run: (told: Told) => void): void
  send(event: object): void
}
interface Told {
  readonly type: string
  readonly sessionId: string
  readonly parent?: string
  readonly machine?: Machine
  readonly state?: { readonly value: unknown; readonly context: unknown; readonly done: boolean }
  readonly event?: { readonly name: string }
}
interface Machine {
  readonly id: string
  readonly states: Readonly<Record<string, Machine>>
  readonly on: Readonly<Record<string, readonly { readonly cond?: { readonly name: string } }[]>>
}
const fromHere = createRequire(new URL('../xstate-inspect/package.json', import.meta.url))
const { createWebSocketReceiver, createWindowReceiver } = fromHere('@xstate/inspect') as Package

afterEach(() => vi.unstubAllGlobals())

const shop = defineService({
  id: 'shop',
  version: 1,
  machine: setup({
    types: {
      context: {} as { sold: number; password: string },
      events: {} as { type: 'SELL' | 'CLOSE' | 'PASS' },
    },
    actors: { clerk: fromPromise(() => new Promise(() => {})) },
    guards: { isLate: () => true },
    actions: { sell: assign({ sold: ({ context }) => context.sold + 1 }) },
  }).createMachine({
    id: 'shop',
    context: { sold: 0, password: 'geheim' },
    initial: 'open',
    states: {
      open: {
        invoke: { id: 'clerk', src: 'clerk', onDone: 'closed' },
        initial: 'quiet',
        states: { quiet: { after: { 3600000: 'loud' } }, loud: { always: 'quiet' } },
        on: { SELL: { actions: 'sell' }, CLOSE: { guard: 'isLate', target: 'closed' }, PASS: '.quiet' },
      },
      closed: { type: 'final' },
    },
  }),
})

async function inspected(options: XState4InspectorOptions) {
  const inspector = await xstate4Inspector({ redact: ['password'], ...options })
  const supervisor = await createSupervisor({ store: memoryStore(), inspect: inspector.inspect })
  const service = await supervisor.start(shop, { key: 'corner/1' })
  const end = async () => {
    await supervisor.close()
    await inspector.close()
  }
  return { inspector, service, end }
}

/** Everything that a receiver has parsed, and a way to wait for more. */
function collected(receiver: Receiver) {
  const told: Told[] = []
  const waiting = new Set<() => void>()
  receiver.subscribe((one) => {
    if (one === undefined) return
    told.push(one)
    for (const look of waiting) look()
  })
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return { told, until }
}

const SESSION = 'shop/corner%2F1'

/** What a receiver shows of the shop. */
async function follows({ told, until }: ReturnType<typeof collected>, sell: () => unknown): Promise<void> {
  const of = (type: string) => told.filter((one) => one.type === type && one.sessionId === SESSION)
  await until(() => of('service.register').length > 0)
  const machine = of('service.register').at(-1)?.machine
  expect(machine?.id).toBe('shop')
  expect(Object.keys(machine?.states ?? {})).toEqual(['open', 'closed'])
  expect(machine?.states.open?.on.CLOSE?.[0]?.cond?.name).toBe('isLate')
  expect(told.find(({ sessionId }) => sessionId === `${SESSION} (lifecycle)`)?.machine?.id).toBe('service')
  expect(told.find(({ sessionId }) => sessionId === `${SESSION}/clerk`)).toMatchObject({ parent: SESSION })
  await sell()
  await until(() =>
    of('service.state').some(({ state }) => JSON.stringify(state?.context).includes('"sold":1')),
  )
  expect(of('service.event').map(({ event }) => event?.name)).toContain('SELL')
  expect(of('service.state').at(-1)?.state).toMatchObject({
    value: { open: 'quiet' },
    context: { sold: 1, password: '[redacted]' },
    done: false,
  })
}

test('what a service refuses of a receiver is told, and nothing else happens', async () => {
  vi.stubGlobal('WebSocket', WebSocket)
  const warnings: unknown[] = []
  const { inspector, service, end } = await inspected({
    port: 0,
    onEvent: (event) => service.send(event as { type: 'SELL' }),
    onWarning: (warning) => warnings.push(warning),
  })
  const receiver = createWebSocketReceiver({ server: (inspector.address ?? '').replace('ws://', '') })
  const event = { name: 'xstate.stop', data: { type: 'xstate.stop' }, $$type: 'scxml', type: 'external' }
  const { told, until } = collected(receiver)
  await until(() => told.some(({ type }) => type === 'service.register'))
  receiver.send({ type: 'xstate.event', event: JSON.stringify({ ...event, origin: SESSION }) })
  await vi.waitFor(() =>
    expect(warnings).toMatchObject([
      {
        code: 'INCOMING_EVENT',
        event: 'xstate.stop',
        service: 'shop',
        key: 'corner/1',
        cause: { code: 'RESERVED_EVENT' },
      },
    ]),
  )
  await end()
})

test('the receiver of XState 4 is shown services over a WebSocket, with its token alone, and sends events back', async () => {
  vi.stubGlobal('WebSocket', WebSocket)
  const sent: unknown[] = []
  const { inspector, service, end } = await inspected({
    port: 0,
    onEvent: (event, of) => {
      sent.push(event, of)
      // The tests send what the machine takes.
      void service.send(event as { type: 'SELL' })
    },
  })
  const server = (inspector.address ?? '').replace('ws://', '')
  const refused = new WebSocket(`ws://${server.replace(/token=.*/, 'token=another')}`)
  await new Promise<void>((resolve) => refused.once('error', () => resolve()))
  const receiver = createWebSocketReceiver({ server })
  const { told, until } = collected(receiver)
  const event = { name: 'SELL', data: { type: 'SELL' }, $$type: 'scxml', type: 'external', origin: SESSION }
  await follows({ told, until }, () => {
    const odd = [
      { type: 'xstate.event', event: '{' },
      { type: 'xstate.event', event: 7 },
      { type: 'nothing' },
    ]
    for (const one of odd) receiver.send(one)
    receiver.send({ type: 'xstate.event', event: JSON.stringify({ ...event, origin: `${SESSION}/clerk` }) })
    receiver.send({ type: 'xstate.event', event: JSON.stringify(event) })
  })
  expect(sent).toEqual([{ type: 'SELL' }, { definition: 'shop', key: 'corner/1' }])
  await service.send({ type: 'CLOSE' })
  await until(() => told.some(({ type, sessionId }) => type === 'service.stop' && sessionId === SESSION))
  await end()
})

type Listener = (event: { readonly data: unknown; readonly origin: string }) => void

/** As much of a window as both sides know of each other. */
class PageWindow {
  opened: PageWindow | undefined
  readonly listeners = new Set<Listener>()
  constructor(readonly origin: string) {}
  /** Origin of who sends. */
  sender = ''

  open(url: string): PageWindow {
    this.opened = new PageWindow(new URL(url).origin)
    this.opened.sender = this.origin
    this.sender = this.opened.origin
    return this.opened
  }

  addEventListener(_: string, run: Listener): void {
    this.listeners.add(run)
  }

  removeEventListener(_: string, run: Listener): void {
    this.listeners.delete(run)
  }

  postMessage(data: unknown, to: string): void {
    if (to !== '*' && to !== this.origin) return
    const copy: unknown = structuredClone(data)
    queueMicrotask(() => {
      for (const run of this.listeners) run({ data: copy, origin: this.sender })
    })
  }
}

test('the receiver of XState 4 is shown services in a window, and nobody else is heard', async () => {
  const window = new PageWindow('https://own.example')
  const url = 'https://viz.example/?inspect'
  const { service, end } = await inspected({ way: 'browser', url, window })
  const page = window.opened
  window.sender = 'https://evil.example'
  window.postMessage({ type: 'xstate.inspecting' }, '*')
  await settle()
  window.sender = 'https://viz.example'
  const seen: unknown[] = []
  page?.addEventListener('message', ({ data }) => seen.push(data))
  await service.send({ type: 'PASS' })
  await settle()
  expect(seen).toEqual([])
  await follows(collected(createWindowReceiver({ window: page, targetWindow: window })), () =>
    service.send({ type: 'SELL' }),
  )
  await end()
  expect(seen.at(-1)).toEqual({ type: 'xstate.disconnect' })
})
