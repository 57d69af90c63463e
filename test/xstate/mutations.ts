import fc from 'fast-check'

// A checkpoint's body as parsed JSON: whatever stands there.
// biome-ignore lint/suspicious/noExplicitAny: mutations reach into data of any shape, that being the point
export type Json = any

/** What stands in the place of something else: of the wrong kind, hostile, or almost right. */
const strange = (n: number): Json => {
  const list: Json[] = [
    {},
    5,
    'toString',
    '__proto__',
    'constructor',
    '',
    null,
    [],
    true,
    -1,
    1e308,
    'on',
    'off',
    'l1',
    'two',
    { toString: {} },
    { on: {} },
    [[]],
    { length: 5 },
    'x'.repeat(5000),
    proto(),
    deep(n % 2 === 0 ? 50 : 20_000),
  ]
  return structuredClone(list[n % list.length])
}

/** An object with an own property of this name, as only a text can bring it. */
function proto(): Json {
  return Object.defineProperty({}, '__proto__', { value: { polluted: true }, enumerable: true })
}

/** Nested beyond a stack's depth; JSON's own parser and printer are recursive, so not for ever. */
function deep(levels: number): Json {
  let value: Json = 'on'
  for (let level = 0; level < Math.min(levels, 1000); level++) value = { on: value }
  return value
}

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)]

function actors(actor: Json, found: Json[] = []): Json[] {
  found.push(actor)
  for (const child of actor?.children ?? []) actors(child, found)
  return found
}

const states = ['one', 'two', 'on', 'off', 'idle', 'l1', 'l2', 'l3', 'r1', 'r2', 'left', 'right', 'back']
const nodeIds = [
  'flat',
  'flat.one',
  'regions.on',
  'regions.on.left',
  'regions.on.left.l1',
  'regions.on.back',
  'regions.off',
  'x',
]

type Mutation = (record: Json, a: number, b: number) => void

/** A mutation of one actor of the tree, in most cases one below the root. */
const ofActor =
  (change: (actor: Json, n: number, record: Json) => void): Mutation =>
  (record, a, b) =>
    change(pick(actors(record.root), a), b, record)

const ofTimer =
  (change: (timer: Json, n: number, record: Json) => void): Mutation =>
  (record, a, b) => {
    const timer = pick<Json>(record.timers, a)
    if (timer !== undefined) change(timer, b, record)
  }

const set = (holder: Json, key: string, value: Json) => {
  if (typeof holder === 'object' && holder !== null) holder[key] = value
}

const mutations: Record<string, Mutation> = {
  value: ofActor((actor, n) => set(actor.snapshot, 'value', strange(n))),
  state: ofActor((actor, n) => set(actor.snapshot, 'value', pick(states, n))),
  region: ofActor(({ snapshot }, n) => {
    const { value } = snapshot
    const holder = typeof value?.on === 'object' ? value.on : value
    if (typeof holder !== 'object' || holder === null) return
    const key = pick(Object.keys(holder), n)
    if (n % 3 === 0) delete holder[key ?? '']
    else if (n % 3 === 1) set(holder, pick(states, n) ?? '', {})
    else set(holder, key ?? '', pick(states, n))
  }),
  status: ofActor((actor, n) =>
    set(actor.snapshot, 'status', pick(['active', 'done', 'error', 'stopped', 'x'], n)),
  ),
  context: ofActor((actor, n) => set(actor.snapshot, 'context', strange(n))),
  noContext: ofActor((actor) => delete actor.snapshot.context),
  field: ofActor((actor, n) =>
    set(actor.snapshot.context, pick(Object.keys(actor.snapshot.context ?? {}), n) ?? 'n', strange(n)),
  ),
  history: ofActor((actor, n) =>
    set(
      actor.snapshot,
      'historyValue',
      n % 4 === 0 ? strange(n) : { [pick(nodeIds, n) ?? '']: [pick(nodeIds, n >> 3), pick(nodeIds, n >> 6)] },
    ),
  ),
  nodes: ofActor((actor, n) => {
    const { nodes } = actor.snapshot
    if (!Array.isArray(nodes)) set(actor.snapshot, 'nodes', n % 2 === 0 ? [pick(nodeIds, n)] : strange(n))
    else if (n % 4 === 0) nodes.reverse()
    else if (n % 4 === 1) nodes.splice(n % nodes.length, 1)
    else if (n % 4 === 2) nodes[n % nodes.length] = nodes[(n + 1) % nodes.length]
    else nodes.push(pick(nodeIds, n))
  }),
  id: ofActor((actor, n) => set(actor, 'id', strange(n))),
  twice: ofActor((actor, n) => {
    const child = pick<Json>(actor.children, n)
    if (child !== undefined) actor.children.push(structuredClone(child))
  }),
  sameId: ofActor((actor, n) => {
    if (actor.children.length > 1) actor.children[n % actor.children.length].id = actor.children[0].id
  }),
  src: ofActor((actor, n) =>
    set(actor, 'src', pick(['child', 'tally', 'grandchild', 'socket', 'toString', '__proto__', '', 5], n)),
  ),
  systemId: ofActor((actor, n) => set(actor, 'systemId', pick(['tally', 'x', '__proto__', 5], n))),
  children: ofActor((actor, n) => set(actor, 'children', strange(n))),
  adopt: ofActor((actor, n, record) => {
    const other = structuredClone(pick<Json>(actors(record.root), n))
    if (Array.isArray(actor.children)) actor.children.push({ ...other, id: `adopted${n}` })
  }),
  childrenOfChildren: ofActor((actor, n) => {
    let inner = actor
    for (let level = 0; level < (n % 2 === 0 ? 5 : 300); level++) {
      const child = {
        id: 'c',
        src: 'child',
        snapshot: { status: 'active', value: {}, context: {} },
        children: [],
      }
      if (!Array.isArray(inner.children)) return
      inner.children.push(child)
      inner = child
    }
  }),
  workKey: ofActor((actor, n) => set(actor, 'workKey', strange(n))),
  timerTime: ofTimer((timer, n) =>
    set(
      timer,
      pick(['dueAtMs', 'delayMs', 'remainingMs'], n) ?? '',
      pick([-1e300, 1e300, 0, -5, 1.5, 2 ** 53, '5', null], n >> 2),
    ),
  ),
  timerEnd: ofTimer((timer, n) =>
    set(
      timer,
      pick(['source', 'target'], n) ?? '',
      pick([[], ['kid0'], ['tally'], ['nobody'], ['__proto__'], [''], 'x', [['tally']]], n >> 1),
    ),
  ),
  timerEvent: ofTimer((timer, n) =>
    set(
      timer,
      'event',
      pick(
        [
          { type: 'A' },
          { type: 5 },
          { type: 'xstate.done.actor.x' },
          { type: 'xstate.stop' },
          { type: 'xstate.init' },
          'A',
          null,
        ],
        n,
      ),
    ),
  ),
  timerId: ofTimer((timer, n) => set(timer, 'id', strange(n))),
  timerTwice: ofTimer((timer, _, record) => record.timers.push(structuredClone(timer))),
  timerPolicy: ofTimer((timer, n) =>
    set(timer, 'policy', pick(['deadline', 'remaining', 'restart', 'x', 5], n)),
  ),
  inbox: (record, a, b) =>
    record.inbox.push({
      event: pick<Json>([{ type: 'A' }, { type: 'xstate.stop' }, { type: '*' }, { type: '' }, {}, null], a),
      atMs: b,
    }),
  outbox: (record, a, b) =>
    record.outbox.push({
      key: 'k',
      kind: pick(['action', 'emit', 'log', 'deliver', 'start', 5], a),
      actor: pick<Json>([[], ['tally'], ['socket'], ['nobody'], ['__proto__'], 'x'], b),
      type: pick(['tell', 'count', 'toString', '__proto__', 'xstate.raise', 'xstate.spawnChild'], a >> 3),
      event: { type: 'A' },
      ...(b % 2 === 0 ? { params: { place: 'p' } } : {}),
      ...(b % 3 === 0 ? { context: strange(a) } : {}),
    }),
  phase: (record, a) =>
    set(record, 'phase', pick(['running', 'paused', 'stopped', 'failed', 'done', 'x'], a)),
  holds: (record, a) =>
    set(record, 'holds', pick<Json>([['user'], ['user', 'user'], ['__proto__'], [5], 'user', []], a)),
  keys: (record, a) => set(record, 'eventKeys', strange(a)),
  failure: (record, a) =>
    set(
      record,
      'failure',
      pick<Json>([{ name: 'E', message: 'm', atMs: 1 }, { name: 'E', message: 'm', atMs: 1e300 }, {}, 5], a),
    ),
  top: (record, a, b) => set(record, pick(Object.keys(record), a) ?? '', strange(b)),
  missing: (record, a) => delete record[pick(Object.keys(record), a) ?? ''],
  more: (record, a) => set(record, 'more', strange(a)),
  anywhere: (record, a, b) => {
    let holder = record
    for (let at = a; ; at = (at * 7 + 3) % 1_000_003) {
      const keys = Object.keys(holder)
      const key = pick(keys, at)
      if (key === undefined) return
      const inner = holder[key]
      if (typeof inner !== 'object' || inner === null || at % 4 === 0) {
        if (b % 5 === 0) delete holder[key]
        else set(holder, key, strange(b))
        return
      }
      holder = inner
    }
  },
}

export interface Edit {
  readonly kind: string
  readonly a: number
  readonly b: number
}

/** One to three mutations, each of one kind and of two numbers that say where and with what. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...Object.keys(mutations)), a: fc.nat(10_000), b: fc.nat(10_000) }),
  { minLength: 1, maxLength: 3 },
)

/** Applies them; one that finds its place gone already does nothing. */
export function mutate(record: Json, list: readonly Edit[]): void {
  for (const { kind, a, b } of list) {
    try {
      mutations[kind]?.(record, a, b)
    } catch {
      // An earlier edit has put something of another shape there.
    }
  }
}
