import { type Fields, isFields } from './note.js'

/** Levels of a machine that are read; XState 4 itself writes definitions of a few. */
const DEEPEST = 100

/** The definition of a machine of XState 4, which is what its inspector sends, as a config of XState 5: what the chart is made of. */
export function xstate4Config(definition: Fields, depth = 0): Fields {
  const { id, initial, states, invoke, entry, exit, tags, description, meta } = definition
  const invoked = listOf(invoke).filter(isFields)
  const ofInvoke = new Map(invoked.map((one): readonly [unknown, Handlers] => [one.id, {}]))
  const own = { on: {} as Handlers, after: {} as Handlers, always: [] as unknown[], onDone: [] as unknown[] }
  for (const [event, written] of Object.entries(isFields(definition.on) ? definition.on : {})) {
    const transitions = listOf(written).filter(isFields).map(transition5)
    const delay = /^xstate\.after\((.*)\)#/.exec(event)?.[1]
    const [, ends, actor] = /^(done|error)\.(?:invoke|platform)\.(.*)$/.exec(event) ?? []
    const handlers = ofInvoke.get(actor)
    if (event === '') own.always = transitions
    else if (delay !== undefined) own.after[delay] = transitions
    else if (handlers !== undefined && ends !== undefined)
      handlers[ends === 'done' ? 'onDone' : 'onError'] = transitions
    else if (event === `done.state.${String(id)}`) own.onDone = transitions
    else own.on[event] = transitions
  }
  const inside = Object.entries(isFields(states) && depth < DEEPEST ? states : {})
  return {
    id,
    ...(definition.type === 'parallel' || definition.type === 'final' ? { type: definition.type } : {}),
    ...(definition.type === 'history' ? { type: 'history', history: definition.history } : {}),
    ...(initial === undefined ? {} : { initial }),
    on: own.on,
    after: own.after,
    always: own.always,
    onDone: own.onDone,
    invoke: invoked.map((one) => ({ id: one.id, src: one.src, ...ofInvoke.get(one.id) })),
    // What XState 4 adds for its delays is told by `after`.
    entry: listOf(entry).filter((action) => !isOfDelay(action)),
    exit: listOf(exit).filter((action) => !isOfDelay(action)),
    tags,
    meta,
    description,
    states: Object.fromEntries(
      inside.map(([key, state]) => [key, isFields(state) ? xstate4Config(state, depth + 1) : {}]),
    ),
  }
}

type Handlers = Record<string, unknown>

function transition5({ target, cond, actions, internal, source, description }: Fields): Fields {
  const guard = isFields(cond) ? (cond.name ?? cond.type) : cond
  return {
    target,
    actions,
    ...(guard === undefined ? {} : { guard: guard === 'cond' ? 'inline' : guard }),
    ...(internal === false && listOf(target).some((one) => isWithin(one, source)) ? { reenter: true } : {}),
    ...(description === undefined ? {} : { description }),
  }
}

/** Only there does it matter whether the source is left. */
function isWithin(target: unknown, source: unknown): boolean {
  return typeof target === 'string' && (target === source || target.startsWith(`${String(source)}.`))
}

function isOfDelay(action: unknown): boolean {
  if (!isFields(action)) return false
  const of = isFields(action.event) ? action.event.type : action.sendId
  return typeof of === 'string' && of.startsWith('xstate.after(')
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
