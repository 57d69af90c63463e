import type { AnyActorRef, AnyMachineSnapshot } from 'xstate'

const isActor = (value: object): value is AnyActorRef => 'sessionId' in value && 'getSnapshot' in value

/** Any value as JSON, with its kind, and with the place of an object that was met before: identity shows. */
export function show(value: unknown, at = '', met = new Map<object, string>()): unknown {
  if (typeof value === 'bigint') return { is: 'bigint', text: String(value) }
  if (value === undefined) return { is: 'undefined' }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { is: 'number', text: Object.is(value, -0) ? '-0' : String(value) }
  }
  if (typeof value !== 'object' || value === null) return value
  const before = met.get(value)
  if (before !== undefined) return { is: 'again', at: before }
  met.set(value, at === '' ? '.' : at)
  const inner = (part: unknown, key: string | number) => show(part, `${at}/${key}`, met)
  if (isActor(value)) return { is: 'actor', id: value.id, status: value.getSnapshot().status }
  if (value instanceof Date) return { is: 'Date', text: value.toISOString() }
  if (value instanceof Map)
    return { is: 'Map', rows: [...value].map((row, n) => row.map((part, m) => inner(part, `${n}.${m}`))) }
  if (value instanceof Set) return { is: 'Set', members: [...value].map(inner) }
  if (ArrayBuffer.isView(value))
    return { is: value.constructor.name, members: Array.from(value as Uint8Array) }
  if (Array.isArray(value)) return value.map(inner)
  const own =
    value instanceof Error ? ['name', 'message', 'cause', ...Object.keys(value)] : Object.keys(value)
  // A plain view of its fields, whatever they are.
  const fields = value as Readonly<Record<string, unknown>>
  const shown = Object.fromEntries([...new Set(own)].map((key) => [key, inner(fields[key], key)]))
  const name: unknown = value.constructor?.name
  return name === 'Object' || name === undefined ? shown : { is: name, ...shown }
}

/** What can be seen of a living tree. */
export function showTree(snapshot: AnyMachineSnapshot): unknown {
  if (!('machine' in snapshot)) return show({ ...(snapshot as object) })
  const { status, value, context, output, _nodes, historyValue, children } = snapshot
  return {
    status,
    value,
    context: show(context),
    output: show(output),
    // Only among atomic states can the order be seen: it says which region acts first.
    order: _nodes.filter(({ type }) => type === 'atomic').map(({ id }) => id),
    history: Object.entries(historyValue).map(([id, nodes]) => [id, nodes?.map((node) => node.id)]),
    children: Object.entries(children).map(([id, child]) => [
      id,
      showTree((child as AnyActorRef).getSnapshot()),
    ]),
  }
}
