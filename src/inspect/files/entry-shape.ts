import * as v from 'valibot'

/** Something shown: JSON already, and there. */
const shown = v.custom((value) => value !== undefined)
const path = v.array(v.string())
const change = v.pipe(
  v.looseObject({ path }),
  v.check((one) => {
    if (!('insert' in one)) return 'value' in one || one.gone === true
    return Number.isSafeInteger(one.at) && Number.isSafeInteger(one.remove) && Array.isArray(one.insert)
  }),
)
const timer = v.object({
  target: path,
  event: shown,
  delayMs: v.number(),
  dueAtMs: v.number(),
  policy: v.string(),
})
const actor = v.object({ actor: path, logic: v.string(), chart: v.optional(v.string()), snapshot: shown })
const effect = v.object({ effectKind: v.string(), actor: path, name: v.string() })
/** What a checkpoint keeps, beside the inbox. */
const rest = {
  actors: v.array(actor),
  timers: v.array(v.object({ ...timer.entries, actor: path, id: v.string() })),
  outbox: v.array(v.object({ ...effect.entries, effect: v.number(), running: v.boolean() })),
}
const service = {
  definition: v.string(),
  version: v.number(),
  chart: v.string(),
  lifecycleChart: v.string(),
}
const hold = { hold: v.string(), by: v.string(), asker: v.optional(v.string()) }
const commit = {
  checkpoint: v.number(),
  epoch: v.number(),
  phase: v.string(),
  size: v.number(),
  durationMs: v.number(),
  upTo: v.number(),
}

/** Of each kind of entry, what whoever folds or shows it reads. */
const SHAPES: Readonly<Record<string, v.GenericSchema>> = {
  service: v.object(service),
  lifecycle: v.object({ state: v.string(), event: v.string() }),
  hold: v.object({ ...hold, change: v.string() }),
  revived: v.object({ checkpoint: v.number() }),
  rests: v.object({ ...rest, checkpoint: v.number() }),
  actor,
  ended: v.object({ actor: path }),
  event: v.object({ to: path, from: v.optional(path), event: shown }),
  step: v.object({
    actor: path,
    event: v.string(),
    microsteps: v.optional(
      v.array(
        v.object({
          event: v.string(),
          transitions: v.array(v.object({ source: v.string(), targets: path })),
        }),
      ),
    ),
    changes: v.array(change),
  }),
  effect: v.object({ effect: v.number(), change: v.string(), what: v.optional(effect) }),
  timer: v.object({ change: v.string(), actor: path, id: v.string(), what: v.optional(timer) }),
  inbox: v.object({ change: v.string(), event: shown }),
  commit: v.object({ ...commit, ok: v.boolean() }),
  armed: v.object({ state: v.optional(v.string()), by: v.string() }),
  removed: v.object({}),
  problem: v.object({ problem: v.string() }),
}

/** Whether what was read has the shape of its kind of entry; one of a kind that a newer process tells of is passed on. */
export function hasEntryShape(kind: string, read: unknown): boolean {
  const shape = Object.hasOwn(SHAPES, kind) ? SHAPES[kind] : undefined
  return shape === undefined || v.is(shape, read)
}

/** How a service stands, as whoever folds or shows it reads it. */
const state = v.object({
  ...service,
  ...rest,
  lifecycle: v.optional(v.string()),
  asleep: v.optional(v.boolean()),
  revivedFrom: v.optional(v.number()),
  holds: v.array(v.object(hold)),
  inbox: v.array(v.object({ event: shown, eventKey: v.optional(v.string()) })),
  armed: v.optional(v.object({ state: v.string(), by: v.string() })),
  commit: v.optional(v.object(commit)),
})

/** Whether what was read is how a service stands. */
export function hasStateShape(read: unknown): boolean {
  return v.is(state, read)
}
