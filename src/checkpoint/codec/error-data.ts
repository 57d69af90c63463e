/** Error data as it stands in a text, before its parts are revived. */
export interface ErrorData {
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
  readonly props?: Readonly<Record<string, unknown>>
}

/**
 * Errors as data. superjson alone keeps name, message and cause; this keeps the stack, the errors of an
 * AggregateError, and own primitive properties such as `code`, `errno`, `syscall` and `status` as well.
 * Own properties that hold objects or functions (sockets, requests, responses) are left out on purpose.
 */
export function errorToData(error: Error, isEncodable: (cause: unknown) => boolean): ErrorData {
  const props = Object.entries(error).filter(([key, value]) => !PARTS.has(key) && isKeptProp(value))
  return {
    name: String(error.name),
    message: String(error.message),
    ...(typeof error.stack === 'string' && { stack: error.stack }),
    ...('cause' in error && { cause: isEncodable(error.cause) ? error.cause : textOf(error.cause) }),
    ...(error instanceof AggregateError && Array.isArray(error.errors) && { errors: error.errors }),
    ...(props.length > 0 && { props: Object.fromEntries(props) }),
  }
}

const PARTS: ReadonlySet<string> = new Set(['stack', 'cause'])

/** Whether decoded JSON has the shape of an error's data. */
export function isErrorData(json: unknown): json is ErrorData {
  if (!isObject(json)) return false
  // Nothing is known of its members yet; each is looked at below.
  const { name, message, stack, errors, props } = json as { [Part in keyof ErrorData]: unknown }
  return (
    typeof name === 'string' &&
    typeof message === 'string' &&
    (stack === undefined || typeof stack === 'string') &&
    (errors === undefined || Array.isArray(errors)) &&
    (props === undefined || isObject(props))
  )
}

function isObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

const NATIVE: Readonly<Record<string, new (message: string) => Error>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/** The class as which an error of that name comes back, where its own is not registered. */
export function nativeOf(name: string): new (message: string) => Error {
  return (Object.hasOwn(NATIVE, name) ? NATIVE[name] : undefined) ?? Error
}

/** An Error without its parts, so that a cycle through its cause has something to point at. */
export function bareError(data: ErrorData, prototype: object | undefined): Error {
  const Native = nativeOf(data.name)
  const error = data.errors === undefined ? new Native(data.message) : new AggregateError([], data.message)
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype)
  return error
}

/** Gives an Error the parts of its data, once those are revived. */
export function fillError(error: Error, data: ErrorData): void {
  hide(error, 'stack', data.stack)
  // A message that a subclass computes is kept as it was.
  hide(error, 'message', data.message)
  if (Object.hasOwn(data, 'cause')) hide(error, 'cause', data.cause)
  if (data.errors !== undefined) hide(error, 'errors', data.errors)
  for (const [key, value] of Object.entries(data.props ?? {})) {
    Object.defineProperty(error, key, { value, enumerable: true, writable: true, configurable: true })
  }
  if (error.name !== data.name) hide(error, 'name', data.name)
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true })
}

function isKeptProp(value: unknown): boolean {
  return value === null || !['object', 'function', 'symbol'].includes(typeof value)
}

function textOf(cause: unknown): string {
  try {
    return String(cause)
  } catch {
    return Object.prototype.toString.call(cause)
  }
}
