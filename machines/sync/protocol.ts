import * as v from 'valibot'
import { isWorthRetrying, retryAfterMs } from '../outbox/answer.js'
import type { Credentials } from '../outbox/deliver.js'
import type { Outgoing } from './replica.js'

const remoteRow = v.object({
  id: v.string(),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  data: v.nullable(v.record(v.string(), v.unknown())),
  changedAtMs: v.pipe(v.number(), v.safeInteger()),
  /** The idempotency key of the change that made this version, where the server knows it. */
  key: v.optional(v.string()),
})
const pageSchema = v.object({ changes: v.array(remoteRow), cursor: v.string(), more: v.boolean() })

/** A row as the server has it. */
export type RemoteRow = v.InferOutput<typeof remoteRow>
/** Changes after a cursor, and the cursor after them. */
export type Page = v.InferOutput<typeof pageSchema>

/** What a server is asked with. */
export interface Source {
  readonly url: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly credentials: Credentials
  readonly now: () => number
}

/** The server answered, and did not give what was asked for. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'

  constructor(
    readonly status: number,
    readonly retryAfterMs: number,
  ) {
    super(`The server answered ${status}.`)
  }

  /** Asking again would not help. */
  get isPermanent(): boolean {
    return !isWorthRetrying(this.status)
  }
}

/** `GET <url>?cursor=…&limit=…` → `{ changes, cursor, more }`. */
export async function fetchPage(source: Source, cursor: string | undefined, limit: number): Promise<Page> {
  const url = new URL(source.url)
  if (cursor !== undefined) url.searchParams.set('cursor', cursor)
  url.searchParams.set('limit', String(limit))
  const response = await ask(source, url, {})
  if (!response.ok) throw await refusal(source, response)
  return v.parse(pageSchema, await response.json())
}

/**
 * `POST <url>` `{ id, data, baseVersion, changedAtMs }` → 2xx `{ version }`, or 409 `{ current }` when the row
 * is not at `baseVersion` any more.
 */
export async function pushChange(
  source: Source,
  { id, data, baseVersion, changedAtMs, idempotencyKey }: Outgoing,
): Promise<{ readonly version: number } | { readonly current: RemoteRow }> {
  const response = await ask(source, new URL(source.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
    body: JSON.stringify({ id, data, baseVersion, changedAtMs }),
  })
  if (response.status === 409) return v.parse(v.object({ current: remoteRow }), await response.json())
  if (!response.ok) throw await refusal(source, response)
  return v.parse(v.pick(remoteRow, ['version']), await response.json())
}

async function ask(source: Source, url: URL, request: RequestInit): Promise<Response> {
  const headers = new Headers(request.headers)
  for (const [name, value] of Object.entries(await source.credentials(source.url))) headers.set(name, value)
  return fetch(url, {
    ...request,
    headers,
    signal: AbortSignal.any([source.signal, AbortSignal.timeout(source.timeoutMs)]),
  })
}

async function refusal({ now }: Source, { status, headers, body }: Response): Promise<RefusedError> {
  await body?.cancel()
  return new RefusedError(status, retryAfterMs(headers, now()) ?? 0)
}
