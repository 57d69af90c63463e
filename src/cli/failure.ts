import { CommanderError } from 'commander'
import { problemOf, TardigradeError } from '../errors/base.js'
import { advice } from './advice.js'
import { printable } from './format.js'
import { type Output, toJson } from './output.js'
import { remedyOf } from './remedies.js'

/** Tells of an error: as `error: …` for people, as a JSON object with --json. `more`: what can be done besides. */
export function tellFailure(output: Output, error: unknown, more?: string): void {
  // Help, the version, and what a command has told already.
  if (error instanceof CommanderError) return
  if (error instanceof TardigradeError && error.code === 'UNSOUND') return
  const facts = factsOf(error, output, more)
  if (output.json) {
    output.err(toJson({ error: facts }))
    return
  }
  output.err(`${output.colors.red('error:')} ${printable(sentence(facts), true)}`)
  if (process.env.DEBUG === 'tardigrade') output.err(stackOf(error))
}

/** An error as data. */
export interface ErrorData {
  readonly code: string
  readonly name: string
  readonly message: string
  readonly remedy?: string
  readonly service?: string | undefined
  readonly key?: string | undefined
}

/** An error with what can be done, and what can be done besides, as data. */
export function factsOf(error: unknown, output: Output, more?: string): ErrorData {
  if (error instanceof TardigradeError) {
    const { code, name, service, key } = error
    const all = [remedyOf(error), ...(more === undefined ? [] : [more])].join(' ')
    const remedy = advice(output, all)
    return { code, name, message: `${problemOf(error)} ${remedy}`, remedy, service, key }
  }
  const known = error instanceof Error
  return {
    code: 'INTERNAL',
    name: known ? error.name : 'Error',
    message: known ? error.message : String(error),
  }
}

/** An error as data in words. */
export function sentence({ service, key, message }: ErrorData): string {
  if (service !== undefined && key !== undefined) return `${service} ${JSON.stringify(key)}: ${message}`
  if (service !== undefined) return `${service}: ${message}`
  // A message that quotes the key itself need not be told twice.
  return key === undefined || message.includes(key) ? message : `${JSON.stringify(key)}: ${message}`
}

/** The stacks of an error and of its causes: of this library's own, only those of the causes are of use. */
function stackOf(error: unknown): string {
  const stacks: string[] = []
  for (let at: unknown = error; at instanceof Error && stacks.length < 8; at = at.cause) {
    if (!(at instanceof TardigradeError)) stacks.push(at.stack ?? at.message)
  }
  return stacks.join('\ncaused by ')
}
