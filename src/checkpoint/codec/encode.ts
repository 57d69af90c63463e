import { UnencodableError } from '../../errors/codec.js'
import type { Rules } from './rules.js'
import { Walk } from './walk.js'

/** The text of a value. @throws {UnencodableError} the value would not come back as it is */
export function encode(rules: Rules, value: unknown, head = ''): string {
  let walk = new Walk(rules)
  let json = walk.visit(value, 0)
  let equalities = ''
  if (walk.repeated !== undefined) {
    // Only now is it known whose paths are wanted; noting every object's path would cost more than this.
    const paths = new Map<object, string[]>()
    for (const object of walk.repeated) paths.set(object, [])
    walk = new Walk(rules, paths)
    json = walk.visit(value, 0)
    equalities = equalitiesText(paths, value)
  }
  const text = write(json, head, walk.notes.text(), equalities)
  if (text.length > rules.maxLength) {
    throw new UnencodableError([], 'length', `its text has more than ${rules.maxLength} characters`)
  }
  return text
}

/** superjson's `meta.referentialEqualities`: from the path of an object to the other paths that lead to it. */
function equalitiesText(paths: ReadonlyMap<object, string[]>, root: unknown): string {
  const equalities: Record<string, string[]> = {}
  let rootPaths: string[] | undefined
  for (const [object, [first, ...others]] of paths) {
    // A getter that gives another object each time may have left one place only.
    if (first === undefined || others.length === 0) continue
    // The root needs a place of its own, since the path to the key '' looks the same as the path to it.
    if (object === root) rootPaths = others
    else equalities[first] = others
  }
  const hasOthers = Object.keys(equalities).length > 0
  if (rootPaths === undefined) return hasOthers ? JSON.stringify(equalities) : ''
  return JSON.stringify(hasOthers ? [rootPaths, equalities] : [rootPaths])
}

function write(json: unknown, head: string, values: string, equalities: string): string {
  try {
    const text = JSON.stringify(json)
    const begun = head === '' ? `{"json":${text}` : `{"json":{${head}${text.slice(1)}`
    if (values === '' && equalities === '') return `${begun}}`
    const first = values === '' ? '' : `"values":${values},`
    const second = equalities === '' ? '' : `"referentialEqualities":${equalities},`
    return `${begun},"meta":{${first}${second}"v":1}}`
  } catch (cause) {
    if (cause instanceof RangeError && /string length/i.test(cause.message)) {
      throw new UnencodableError([], 'length', 'its text is longer than a string can be', { cause })
    }
    const kind = cause instanceof RangeError ? 'depth' : 'unreadable'
    throw new UnencodableError([], kind, 'writing it as JSON threw', { cause })
  }
}
