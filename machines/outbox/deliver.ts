import { task } from 'tardigrade'
import { isWorthRetrying, reasonOf, retryAfterMs } from './answer.js'
import type { Notification } from './notification.js'

/** What became of one try. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** Another try would end in the same way. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number }

export interface DeliveryInput {
  readonly notification: Notification
  readonly timeoutMs: number
}

/** Headers that must not stand in a checkpoint, such as a token; asked for at every try. */
export type Credentials = (
  url: string,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>

/** What delivering needs from outside. */
export interface DeliveryOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly credentials: Credentials
}

/** One try to deliver one notification: its outcome is durable once it is known. */
export function makeDeliver(options: DeliveryOptions) {
  return task<Outcome, DeliveryInput>(({ input, step }) =>
    step('post', ({ signal }) => post(input, signal, options)),
  )
}

async function post(
  { notification, timeoutMs }: DeliveryInput,
  signal: AbortSignal,
  { now, credentials }: DeliveryOptions,
): Promise<Outcome> {
  let request: Request
  try {
    request = requestOf(notification)
  } catch (error) {
    return { kind: 'refused', reason: reasonOf(error) }
  }
  try {
    for (const [name, value] of Object.entries(await credentials(notification.url))) {
      request.headers.set(name, value)
    }
    const response = await fetch(request, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    // A body that nobody reads would keep its connection.
    await response.body?.cancel()
    if (response.ok) return { kind: 'delivered' }
    const reason = `The endpoint answered ${response.status}.`
    if (!isWorthRetrying(response.status)) return { kind: 'refused', reason }
    return { kind: 'failed', reason, retryAfterMs: retryAfterMs(response.headers, now()) ?? 0 }
  } catch (error) {
    // An interruption comes here too, and then the task takes no outcome: its next run tries again.
    return { kind: 'failed', reason: reasonOf(error), retryAfterMs: 0 }
  }
}

/** @throws {TypeError} a header is not allowed, or the body cannot become JSON */
function requestOf({ id, url, body, headers: extra }: Notification): Request {
  const isText = typeof body === 'string'
  const headers = new Headers(extra)
  if (!headers.has('Content-Type')) headers.set('Content-Type', isText ? 'text/plain' : 'application/json')
  headers.set('Idempotency-Key', id)
  // Following a redirect would turn the POST into a GET, so a redirect is an answer like any other.
  return new Request(url, {
    method: 'POST',
    headers,
    body: isText ? body : JSON.stringify(body),
    redirect: 'manual',
  })
}
