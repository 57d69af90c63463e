import { computed, signal } from '@preact/signals'
import type { ControlCommand } from '../../../src/inspect/stream/message.js'
import { delayMsOf, stateKey } from '../chart/state-keys.js'
import { lifecycleText } from '../chart/words.js'
import { newestGuest } from '../store/newest-guest.js'
import type { Service } from '../store/service.js'
import { Store } from '../store/store.js'
import type { Connection, Listener, Transport } from '../transport/transport.js'
import { noteShown } from './busy.js'
import { tickMs } from './clock.js'
import { answered, ask, isWaiting, unanswered } from './control.js'
import { later } from './later.js'
import { go, isReceiving, link } from './link.js'

/** Nobody is connected, and nothing says to whom. */
export type Standing = Connection | { readonly status: 'nowhere' }

export const store = signal(new Store())
export const connection = signal<Standing>({ status: 'nowhere' })

/** What a person calls a state, by its id in any chart that the page has. */
export const keyOfState = (id: string): string => stateKey(store.value.charts.values(), id)

/** How long a delay takes, by the event at its end, as far as the charts that the page has tell it. */
export const delayOfEvent = (event: string): number | undefined =>
  delayMsOf(store.value.charts.values(), event)

/** When the connection was lost: nobody knows what has come of anything since. */
const lostAtMs = signal<number | undefined>(undefined)

/** Whether the server is gone, and is tried again and again. */
export const isLost = computed(
  () => lostAtMs.value !== undefined && ['lost', 'connecting'].includes(connection.value.status),
)

/** Whether it was the process of the services itself, and has said that it ends before it was gone: its supervisor was closed. */
export const isEnded = computed(() => {
  const { changed, hello, incarnations } = store.value
  changed.value
  const own = [...incarnations.values()].filter(({ pid }) => pid === hello.value?.pid)
  return isLost.value && own.length > 0 && own.every(({ live }) => !live)
})

/**
 * Whether something is still to come of what the server had as it was connected, of one service or of any: until then nothing is as it is
 * now. A process that shows itself need not wait for its store.
 */
export function isComing(service?: Service): boolean {
  if (connection.value.status !== 'open') return false
  const { isComing: isRead, kept } = store.value
  return isRead.value || !(kept.isTold.value || (service !== undefined && store.value.isLive(service)))
}

/** How a service stands now, as far as it is known: while its server is gone, how it was seen last. */
export function standsText(service: Service, lifecycle: string): string {
  if (isComing(service)) return 'being read'
  return isLost.value && !isEnded.value ? `last seen ${lifecycleText(lifecycle)}` : lifecycleText(lifecycle)
}

/** What the last moment of a service is called: of a recorded trace its end, whatever its process did then. */
export function lastText(service: Service): 'Live' | 'Latest' | 'End' {
  if (connection.value.status === 'recorded') return 'End'
  return lostAtMs.value === undefined && store.value.isLive(service) && !isComing(service) ? 'Live' : 'Latest'
}

/** What the page takes for now: of a recorded trace its end, and without a connection when it was lost. */
export const pageMs = computed(() => {
  if (connection.value.status !== 'recorded') return lostAtMs.value ?? tickMs.value
  store.value.changed.value
  return store.value.lastMs
})

/** What counts how long ago something was: that goes on while nobody knows what has come since. */
export const agoMs = computed(() => (connection.value.status === 'recorded' ? pageMs.value : tickMs.value))

let transport: Transport | undefined

/** What hears a server or reads a file: the first paint does not wait for it. */
const transports = later(() => import('../transport/transports.js'))

/** Connects to where the address says. */
export function startSession(): void {
  const { token, trace } = link.value
  if (trace !== undefined) void begin(({ playRecorded }, listener) => playRecorded(trace, listener))
  else if (token !== undefined) void begin(({ connect }, listener) => connect(streamUrl(), token, listener))
  if (token !== undefined && isReceiving())
    void import('../relay/relay.js').then(({ startRelay }) => startRelay(token, refuse))
}

function refuse(origin: string): void {
  store.value.refusal.value = `${origin} may not show itself here. Start the server with --allow-origin ${origin}, or with allowOrigins.`
}

/** Asks the server for something, once until it has answered; `outcomes` tells what comes of it. */
export function request(command: ControlCommand, what: string): void {
  const { send } = transport ?? {}
  if (send !== undefined && !isWaiting(command)) ask(send, command, what)
}

/** What was asked last, of which checkpoint: nobody asks twice for the same. */
let asked = new WeakMap<Service, string>()
let histories = 0

/** Asks the server for the checkpoints that it keeps of a service, unless it has answered since there is a newer one. */
export function askHistory(service: Service): void {
  const { stored } = service
  if (stored === undefined) return
  // Of a service that was removed and begun anew, numbers come again.
  const newest = `${stored.epoch} ${stored.checkpoint} ${stored.savedAtMs}`
  if (asked.get(service) === newest) return
  asked.set(service, newest)
  transport?.send({ type: 'history', id: ++histories, key: service.key })
}

/** Shows a trace that somebody has chosen from their disk. */
export function openFile(file: File): void {
  void begin(({ playRecorded }, listener) => playRecorded(file, listener))
}

/** What is shown was begun so many times: another one may be chosen before there is what the last one comes through. */
let beginnings = 0

type Transports = typeof import('../transport/transports.js')

/** Begins with nothing, and fills that as soon as there is what it comes through. */
async function begin(open: (from: Transports, listener: Listener) => Transport): Promise<void> {
  const own = ++beginnings
  transport?.close()
  transport = undefined
  const listener = begun()
  listener.connection({ status: 'connecting' })
  try {
    const from = await transports.get()
    if (own === beginnings) transport = open(from, listener)
  } catch (error) {
    listener.connection({ status: 'refused', reason: error instanceof Error ? error.message : String(error) })
  }
}

/** What somebody opens a counterexample for is its last step. */
function showFound({ counterexample }: Store): void {
  const found = counterexample.peek()
  if (found !== undefined && link.peek().service === undefined)
    go({ service: found.interrupted, at: found.steps.at(-1)?.at })
}

/** Where there is one service alone, nobody has to choose it, nor an application that holds this page or has opened it. */
function showObvious(shown: Store): void {
  if (link.peek().service !== undefined) return
  const [only, another] = shown.list.members.peek()
  const obvious = isReceiving() ? newestGuest(shown) : another === undefined ? only : undefined
  if (obvious !== undefined) go({ service: obvious.key })
}

function streamUrl(): string {
  const url = new URL('stream', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  return url.href
}

/** Between two times at which what has come is shown, while it comes without end: nobody sees more, and the frames between are free for scrolling. */
const SHOW_EVERY_MS = 30
/** Where showing takes longer than a frame, so many times as long is left to others; nobody waits longer than the last. */
const FRAME_MS = 20
const LEFT_TO_OTHERS = 4
const LONGEST_MS = 250

/** Fills a store of its own, and shows it once a frame or less, however much comes. */
function begun(): Listener {
  const fresh = new Store(
    {},
    ({ key }) => key === link.peek().service || key === fresh.counterexample.peek()?.twin,
  )
  store.value = fresh
  let isAwaited = false
  let shownAtMs = 0
  let restMs = SHOW_EVERY_MS
  const publish = (nowMs: number) => {
    if (nowMs - shownAtMs < restMs) {
      requestAnimationFrame(publish)
      return
    }
    isAwaited = false
    shownAtMs = nowMs
    noteShown(nowMs)
    if (fresh.publish()) showSoon()
    // Of a trace there may be more to come.
    if (connection.peek().status !== 'connecting') showObvious(fresh)
    requestAnimationFrame((nextMs) => {
      const tookMs = nextMs - nowMs
      restMs = tookMs <= FRAME_MS ? SHOW_EVERY_MS : Math.min(LONGEST_MS, LEFT_TO_OTHERS * tookMs)
    })
  }
  const showSoon = () => {
    if (isAwaited) return
    isAwaited = true
    requestAnimationFrame(publish)
  }
  const damaged = () => {
    fresh.refusal.value = 'A part of what came is damaged, and is left out.'
  }
  return {
    damaged,
    message(message, characters) {
      try {
        if (message.type === 'controlled') answered(message)
        fresh.apply(message, characters)
      } catch {
        // The rest of it is as good as it was.
        damaged()
      }
      if (message.type === 'counterexample') showFound(fresh)
      showSoon()
    },
    connection(next) {
      if (store.value !== fresh) return
      connection.value = next
      if (next.status === 'recorded') {
        fresh.end()
        showSoon()
      }
      if (next.status === 'open') lostAtMs.value = undefined
      else if (next.status === 'lost') lostAtMs.value ??= Date.now()
      if (next.status === 'open') return
      unanswered(store.value.hello.value?.command === undefined)
      asked = new WeakMap()
    },
    seen: () => ({ seen: Object.fromEntries(fresh.seen), charts: [...fresh.charts.keys()] }),
  }
}
