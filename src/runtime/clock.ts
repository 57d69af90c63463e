import type { Clock } from '../ports/clock.js'

/** The two ends of a page's channel, which Node types otherwise. */
interface Channel {
  readonly port1: { onmessage: () => void }
  readonly port2: { postMessage(message: unknown): void }
}

let channel: Channel | undefined
const yielded: (() => void)[] = []

/** In another turn of a page: browsers slow its timers down while it is hidden, to one a minute, and no message. */
function byMessage(run: () => void, MessageChannel: new () => Channel): void {
  if (channel === undefined) {
    channel = new MessageChannel()
    // One message was sent for each.
    channel.port1.onmessage = () => (yielded.shift() as () => void)()
  }
  yielded.push(run)
  channel.port2.postMessage(undefined)
}

/** The platform's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(run, delayMs, background = false) {
    const timer: unknown = setTimeout(run, delayMs)
    // Node's own method: browsers answer with a number, which holds nothing alive.
    if (background) (timer as { unref?(): void }).unref?.()
    return timer
  },
  // `setTimer` above made the handle.
  clearTimer: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  yieldThen: (run) => {
    // That of React Native comes before the platform has its turn (https://reactnative.dev/docs/timers); Jest takes it from pages on Node.
    if (typeof setImmediate === 'function' && globalThis.process?.versions?.node !== undefined)
      return void setImmediate(run)
    // Pages and workers alone have one of this shape.
    const { MessageChannel } = globalThis as unknown as { MessageChannel?: new () => Channel }
    if (MessageChannel === undefined) setTimeout(run, 0)
    else byMessage(run, MessageChannel)
  },
}
