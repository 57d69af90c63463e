import { printable } from './format.js'
import { type Output, toJson } from './output.js'

/** Says beside the result what is good to know: as `note: …` for people, as a JSON object with --json. */
export function tellNote(output: Output, message: string): void {
  tell(output, 'note', message)
}

/** The same of what is amiss and stops nothing. */
export function tellWarning(output: Output, message: string): void {
  tell(output, 'warning', message)
}

function tell(output: Output, level: 'note' | 'warning', message: string): void {
  if (output.json) output.err(toJson({ [level]: { message } }))
  else output.err(`${output.colors.yellow(`${level}:`)} ${printable(message, true)}`)
}
