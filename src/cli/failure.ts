import { CommanderError } from 'commander'
import { TardigradeError } from '../errors/base.js'
import { printable } from './format.js'
import { type Output, toJson } from './output.js'

/** Tells of an error: as `error: …` for people, as a JSON object with --json. */
export function tellFailure(output: Output, error: unknown): void {
  // Help, the version, and what a command has told already.
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')) return
  if (error instanceof TardigradeError && error.code === 'UNSOUND') return
  if (output.json) {
    output.err(toJson({ error: errorFacts(error) }))
    return
  }
  output.err(`${output.colors.red('error:')} ${printable(sentence(error), true)}`)
  if (process.env.DEBUG === 'tardigrade') output.err(stackOf(error))
}

/** An error as data. */
export function errorFacts(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof TardigradeError) {
    const { code, name, message, remedy, service, key } = error
    return { code, name, message, remedy, service, key }
  }
  if (error instanceof CommanderError) {
    return { code: 'USAGE', name: 'UsageError', message: sentence(error), remedy: 'See --help.' }
  }
  const name = error instanceof Error ? error.name : 'Error'
  return { code: 'INTERNAL', name, message: sentence(error) }
}

function sentence(error: unknown): string {
  if (error instanceof CommanderError) return error.message.replace(/^error: /, '')
  if (!(error instanceof TardigradeError)) return error instanceof Error ? error.message : String(error)
  const { service, key, message } = error
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
