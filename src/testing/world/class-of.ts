import { nativeOf } from '../../checkpoint/codec/error-data.js'

/** Whatever stands there is asked for its name alone. */
function constructorOf(value: object) {
  const prototype = Object.getPrototypeOf(value) as {
    readonly constructor?: { readonly name?: unknown }
  } | null
  return prototype?.constructor
}

/** The name of an object’s class; undefined: it is a plain object. */
export function classOf(value: object): string | undefined {
  const name = constructorOf(value)?.name
  // By its name: a plain object of another realm has another `Object`.
  return name === undefined || name === 'Object' ? undefined : String(name)
}

/**
 * The name of an error’s class. A class that the platform keeps to itself, such as DOMException, cannot be registered: what comes
 * back of it is the native class of its name, as which it is told.
 */
export function errorClassOf(error: Error): string {
  const made = constructorOf(error)
  const name = String(made?.name)
  return isRegistrable(name, made, error) ? name : nativeOf(String(error.name)).name
}

/** Names of classes that Node makes for itself and exports nowhere. */
const NODES = ['NodeError', 'SystemError']

function isRegistrable(name: string, made: unknown, error: Error): boolean {
  if (made === AggregateError || made === nativeOf(name)) return true
  // `AbortError` of `node:timers/promises` and those of the built-in `fetch`.
  const code = 'code' in error ? String(error.code) : ''
  const isNodes = NODES.includes(name) || code === 'ABORT_ERR' || code.startsWith('UND_ERR_')
  return !isNodes && made !== Reflect.get(globalThis, name)
}
