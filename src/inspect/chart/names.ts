/** What a function without a name is called. */
const INLINE = 'inline'

/** What JavaScript calls a function after the field of the config in which it is written. */
const NAMED_BY_FIELD: readonly string[] = ['', 'guard', 'actions', 'entry', 'exit', 'src']

/** Characters of one name: what is longer is cut with a mark. */
const LONGEST_NAME = 200
/** Guards within guards, logic aside. */
const DEEPEST = 16

/** How an action, a logic or a guard of a config is called in the chart. */
export function nameOf(part: unknown): string {
  return cut(plainName(part, 0))
}

export function cut(text: string, longest = LONGEST_NAME): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}

function plainName(part: unknown, depth: number): string {
  if (typeof part === 'string') return part
  if (typeof part === 'function') return functionName(part, depth)
  const type = fieldOf(part, 'type')
  // A function in JSON is sometimes left behind as `{ type: name }`.
  if (typeof type === 'string') return own(type) || INLINE
  const id = fieldOf(part, 'id')
  return typeof id === 'string' && id !== '' ? id : INLINE
}

/** XState’s own functions have a type (`xstate.assign`), or are guards made of guards. */
function functionName(part: object & { readonly name: string }, depth: number): string {
  const type = fieldOf(part, 'type')
  if (typeof type === 'string') {
    const about = fieldOf(part, 'event') ?? fieldOf(part, 'sendId') ?? fieldOf(part, 'src')
    const detail = typeof about === 'string' ? about : fieldOf(about, 'type')
    return typeof detail === 'string' ? `${own(type)} ${detail}` : own(type)
  }
  const guards = fieldOf(part, 'guards')
  if (Array.isArray(guards) && depth < DEEPEST) {
    const names = guards.map((guard) => plainName(guard, depth + 1))
    if (part.name === 'not') return `not ${names[0] ?? ''}`
    return depth === 0 ? names.join(` ${part.name} `) : `(${names.join(` ${part.name} `)})`
  }
  const state = fieldOf(part, 'stateValue')
  if (state !== undefined) return `in ${typeof state === 'string' ? state : JSON.stringify(state)}`
  return NAMED_BY_FIELD.includes(part.name) ? INLINE : part.name
}

function own(type: string): string {
  return type.startsWith('xstate.') ? type.slice('xstate.'.length) : type
}

function fieldOf(part: unknown, name: string): unknown {
  return (typeof part === 'object' || typeof part === 'function') && part !== null
    ? (part as Readonly<Record<string, unknown>>)[name]
    : undefined
}
