/** Which service, which key: the fields that every error of this library can carry. */
export interface ErrorFacts {
  /** Id of the service definition. */
  readonly service?: string | undefined
  /** Key of the service. */
  readonly key?: string | undefined
  /** What went wrong underneath. */
  readonly cause?: unknown
}

/**
 * Base of every error that this library throws or rejects with.
 *
 * `message` ends with the remedy; `remedy` holds it alone, for programs and for translations.
 *
 * @example
 * ```ts
 * try {
 *   await service.send({ type: 'GO' })
 * } catch (error) {
 *   if (error instanceof TardigradeError) console.error(error.code, error.remedy)
 *   else throw error
 * }
 * ```
 */
export abstract class TardigradeError extends Error {
  /** Stable name of the cause, such as `STALE_EPOCH`. */
  abstract readonly code: string
  /** What to do next, as a sentence. */
  readonly remedy: string
  readonly service: string | undefined
  readonly key: string | undefined

  constructor(problem: string, remedy: string, facts: ErrorFacts = {}) {
    super(`${problem} ${remedy}`, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.remedy = remedy
    this.service = facts.service
    this.key = facts.key
  }

  /** The class's, told from the code: bundlers give classes short names, in which nobody would find it. */
  override get name(): string {
    // A stack is begun before the fields are there.
    return `${pascal(this.code ?? 'TARDIGRADE')}Error`
  }
}

function pascal(code: string): string {
  return code.replace(
    /_?([A-Z0-9])([A-Z0-9]*)/g,
    (_, first: string, rest: string) => first + rest.toLowerCase(),
  )
}

/** What is wrong, without the remedy that the messages of this library's errors end with. */
export function problemOf(error: { readonly message: string; readonly remedy?: string | undefined }): string {
  const { message, remedy = '' } = error
  return remedy !== '' && message.endsWith(remedy) ? message.slice(0, -remedy.length).trimEnd() : message
}
