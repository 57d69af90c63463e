import type { ActorRecord } from '../checkpoint/record.js'
import { shown } from '../inspect/shown.js'
import { progressText } from '../task/progress-text.js'
import { printable, stateText } from './format.js'
import { type Output, toJson } from './output.js'

/** Longest data shown of one actor; the rest is in `--json`. */
const LONGEST_DATA = 2000

/** Prints the actors below each other: id, state, and their context or what else they persist. */
export function printTree(output: Output, actor: ActorRecord, depth = 0): void {
  const { dim, bold } = output.colors
  const indent = '  '.repeat(depth)
  const { status, value, context, progress, input, steps } = actor.snapshot
  const logic = actor.src === actor.id ? '' : ` (${actor.src})`
  const name = depth === 0 ? 'machine' : `${actor.id}${logic}`
  const facts = [String(status), value === undefined ? '' : stateText(value), progressText(progress, input)]
  output.out(`${indent}${bold(printable(name))}  ${dim(printable(facts.filter(Boolean).join(', ')))}`)
  const data = {
    context,
    input,
    progress,
    steps: Array.isArray(steps) && steps.length > 0 ? steps : undefined,
  }
  for (const [title, shown] of Object.entries(data)) {
    if (shown === undefined || shown === null) continue
    output.out(`${indent}  ${dim(title)} ${dataText(shown, `${indent}  `)}`)
  }
  for (const child of actor.children ?? []) printTree(output, child, depth + 1)
}

/** Data as the page shows it, as JSON: what that does not have is named, and a field that holds nothing left out. */
export function dataJson(data: unknown, indent?: number): string {
  return toJson(
    shown(data, 'data', (value) => value),
    indent,
  )
}

function dataText(data: unknown, indent: string): string {
  const short = dataJson(data)
  const text = short.length <= 80 ? short : dataJson(data, 2).replaceAll('\n', `\n${indent}`)
  const cut = text.length > LONGEST_DATA ? `${text.slice(0, LONGEST_DATA)}… (all of it with --json)` : text
  return printable(cut, true)
}
