import { cut } from './names.js'

/** Any object of a config whose shape nobody has checked: it may come from another program. */
export type Config = Readonly<Record<string, unknown>>

/** A state of the config with its place, before its transitions are read. */
export interface Place {
  readonly id: string
  readonly key: string
  readonly config: Config
  readonly parent: Place | undefined
  readonly children: ReadonlyMap<string, Place>
}

/** All states of a config, found by path and by the ids that it gives them. */
export interface Outline {
  readonly root: Place
  readonly byId: ReadonlyMap<string, Place>
  /** States beyond the bounds. */
  readonly left: number
}

/** States that are drawn; a chart of more is of no use to anybody. */
const MOST_STATES = 2000
const DEEPEST = 100
const LONGEST_ID = 1000

export function outlineOf(machine: Config): Outline {
  const byId = new Map<string, Place>()
  let left = 0
  const visit = (config: Config, key: string, parent: Place | undefined, depth: number): Place => {
    const children = new Map<string, Place>()
    const place: Place = { id: freeId(xstateId(config, key, parent), byId), key, config, parent, children }
    byId.set(place.id, place)
    for (const [name, child] of Object.entries(asConfig(config.states))) {
      if (byId.size >= MOST_STATES || depth >= DEEPEST) left++
      else children.set(name, visit(asConfig(child), name, place, depth + 1))
    }
    return place
  }
  const key = typeof machine.id === 'string' && machine.id !== '' ? machine.id : '(machine)'
  const root = visit(machine, cut(key), undefined, 0)
  return { root, byId, left }
}

export function asConfig(value: unknown): Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Config) : {}
}

/** The state that a target names, seen from a source, as XState resolves it; undefined for none. */
export function resolve(target: string, source: Place, { byId }: Outline): Place | undefined {
  if (target.startsWith('#')) {
    const whole = byId.get(target.slice(1))
    if (whole !== undefined) return whole
    const [id = '', ...path] = stepsOf(target.slice(1))
    return descend(byId.get(id), path)
  }
  if (target.startsWith('.')) return descend(source, stepsOf(target.slice(1)))
  return descend(source.parent, stepsOf(target))
}

function descend(from: Place | undefined, steps: readonly string[]): Place | undefined {
  return steps.reduce<Place | undefined>((place, key) => place?.children.get(key), from)
}

/** Keys between dots, where `\` takes the next character as it is. */
function stepsOf(path: string): readonly string[] {
  const steps = ['']
  for (let at = 0; at < path.length; at++) {
    const char = path[at] ?? ''
    if (char === '.') steps.push('')
    else steps.push(`${steps.pop()}${char === '\\' ? (path[++at] ?? '') : char}`)
  }
  return steps
}

/** The id by which XState knows a state: the config's own, or one made of the keys. */
function xstateId({ id }: Config, key: string, parent: Place | undefined): string {
  if (typeof id === 'string' && id !== '') return cut(id, LONGEST_ID)
  const keys = [key]
  let root = parent
  for (; root?.parent !== undefined; root = root.parent) keys.unshift(root.key)
  return cut([...(root === undefined ? [] : [root.key]), ...keys].join('.'), LONGEST_ID)
}

/** XState would refuse a second state of the same id; here each can be told from the others. */
function freeId(id: string, taken: ReadonlyMap<string, Place>): string {
  let free = id
  for (let at = 2; taken.has(free); at++) free = `${id}~${at}`
  return free
}
