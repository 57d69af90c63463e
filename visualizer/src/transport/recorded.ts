import { tell } from './fitting.js'
import { isMessage } from './shapes.js'
import type { Listener, Transport } from './transport.js'

/** Of a long trace, how long nothing else of the page has its turn. */
const LONGEST_STRETCH_MS = 30

/** Gives the messages of a trace: one that this page's server has, by its address, or a file that somebody has chosen. */
export function playRecorded(source: string | File, listener: Listener): Transport {
  const name = typeof source === 'string' ? source : source.name
  let closed = false
  listener.connection({ status: 'connecting' })
  textOf(source)
    .then(async (text) => {
      const messages = messagesIn(text)
      let beganMs = performance.now()
      for (const message of messages) {
        if (closed) return
        // About: a trace is one text.
        if (isMessage(message)) tell(message, text.length / messages.length, listener)
        else listener.damaged()
        if (performance.now() - beganMs < LONGEST_STRETCH_MS) continue
        await new Promise((resolve) => setTimeout(resolve))
        beganMs = performance.now()
      }
      listener.connection({ status: 'recorded', name })
    })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      listener.connection({ status: 'refused', reason: `${name} cannot be shown: ${reason}` })
    })
  return {
    send: () => {},
    close: () => {
      closed = true
    },
  }
}

async function textOf(source: string | File): Promise<string> {
  if (typeof source !== 'string') return source.text()
  const url = new URL(source, location.href)
  // Whoever sends a link must not choose what the page loads from elsewhere.
  if (url.origin !== location.origin) throw new Error('it is of another origin.')
  const response = await fetch(url)
  if (!response.ok) throw new Error(`the server answers ${response.status}.`)
  return response.text()
}

/** @throws Error that says why it is no trace */
export function messagesIn(text: string): readonly unknown[] {
  const trace: unknown = JSON.parse(text)
  const isTrace =
    typeof trace === 'object' && trace !== null && 'tardigradeTrace' in trace && 'messages' in trace
  if (!isTrace || !Array.isArray(trace.messages)) throw new Error('it is no trace of Tardigrade.')
  if (trace.tardigradeTrace !== 1)
    throw new Error(`its version ${String(trace.tardigradeTrace)} is unknown here.`)
  return trace.messages
}
