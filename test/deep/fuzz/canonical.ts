import type { ActorRecord, TreeRecord } from '../../../src/checkpoint/record.js'

/**
 * The parts of a tree that a restore must give back, in objects of their own: what is compared is the user's data,
 * with the identity of what is shared in it, and not whether it shares an object with the record around it.
 *
 * @param like what it was restored from: the order of active states is told where it was told there
 */
export function canonical({ root, timers }: TreeRecord, like: TreeRecord): unknown {
  return {
    // The root is called as its service's key, which the record was held against.
    root: actor({ ...root, id: '', src: '' }, like.root),
    timers: timers.map(({ source, target, id, event, delayMs }) => ({
      source: [...source],
      target: [...target],
      id,
      event,
      delayMs,
    })),
  }
}

function actor(record: ActorRecord, like: ActorRecord | undefined): object {
  const { id, src, systemId, syncSnapshot, workKey, snapshot, children } = record
  const { value, historyValue, nodes, ...rest } = snapshot
  const order = like?.snapshot.nodes === undefined ? undefined : nodes
  // Whoever remembers nothing has no history. It is names alone, of which none is the same object as another.
  const structure = JSON.parse(JSON.stringify({ value, historyValue: historyValue ?? {}, nodes: order }))
  return sorted({
    id,
    src,
    systemId,
    syncSnapshot: syncSnapshot ?? false,
    workKey,
    snapshot: sorted({ ...rest, ...structure }),
    children: (children ?? []).map((child, index) => actor(child, like?.children?.[index])),
  })
}

/** What is undefined is not there. */
function sorted(fields: Readonly<Record<string, unknown>>): object {
  const names = Object.keys(fields).filter((name) => fields[name] !== undefined)
  return Object.fromEntries(names.sort().map((name) => [name, fields[name]]))
}
