import { randomUUID } from 'node:crypto'
import type { RemoteRow, RowData } from '../../machines/sync/index.js'
import { type Answer, type FaultyServer, faultyServer, type SeenRequest } from './http-server.js'

/** A server that keeps rows and their newest versions, and honours idempotency keys. */
export interface RowServer extends AsyncDisposable {
  readonly http: FaultyServer
  readonly rows: ReadonlyMap<string, RemoteRow>
  /** Somebody else changes a row; `data` null deletes it. */
  change(id: string, data: RowData | null, changedAtMs?: number): void
  /** Versions that came from pushes, by idempotency key. */
  readonly accepted: readonly string[]
  /** As servers do after a day. */
  forgetKeys(): void
}

export async function rowServer(): Promise<RowServer> {
  const rows = new Map<string, RemoteRow>()
  const answers = new Map<string, Answer>()
  const accepted: string[] = []
  let version = 0

  const put = (row: Omit<RemoteRow, 'version'>) => {
    version++
    rows.set(row.id, { ...row, version })
    return version
  }
  const page = (query: URLSearchParams): Answer => {
    const cursor = Number(query.get('cursor') ?? 0)
    const later = [...rows.values()]
      .filter((row) => row.version > cursor)
      .sort((a, b) => a.version - b.version)
    const changes = later.slice(0, Number(query.get('limit')))
    const end = String(changes.at(-1)?.version ?? cursor)
    return answer(200, { changes, cursor: end, more: later.length > changes.length })
  }
  const push = (key: string, body: Buffer): Answer => {
    const known = answers.get(key)
    if (known !== undefined) return known
    const { id, data, baseVersion, changedAtMs } = JSON.parse(String(body))
    const current = rows.get(id)
    const isStale = (current?.version ?? 0) !== baseVersion
    if (!isStale) accepted.push(key)
    const result = isStale
      ? answer(409, { current })
      : answer(200, { version: put({ id, data, changedAtMs, key }) })
    answers.set(key, result)
    return result
  }

  const http = await faultyServer(({ method, path, headers, body, cutOff }: SeenRequest) => {
    if (cutOff) return answer(400, {})
    if (method === 'POST') return push(String(headers['idempotency-key'] ?? randomUUID()), body)
    return page(new URL(path, 'http://localhost').searchParams)
  })
  return {
    http,
    rows,
    accepted,
    forgetKeys: () => answers.clear(),
    change: (id, data, changedAtMs = 0) => void put({ id, data, changedAtMs }),
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  }
}

function answer(status: number, body: unknown): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}
