import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'
import { statesOf } from '../chart/folding.js'
import { triggerText } from '../chart/words.js'

/** The chart as Mermaid's `stateDiagram-v2`. Names become labels; whatever Mermaid would read as its own is written as a code. */
export function mermaidOf(chart: Chart): string {
  const states = statesOf(chart)
  const names = new Map(states.map(({ id }, index) => [id, `s${index}`]))
  const nameOf = (id: string) => names.get(id) ?? 's0'
  const lines = ['stateDiagram-v2']

  const write = (state: ChartState, indent: string): void => {
    const name = nameOf(state.id)
    lines.push(`${indent}state "${label(nameIn(state))}" as ${name}`)
    for (const does of doings(state)) lines.push(`${indent}note right of ${name} : ${label(does)}`)
    if (state.states === undefined) {
      if (state.type === 'final') lines.push(`${indent}${name} --> [*]`)
      return
    }
    lines.push(`${indent}state ${name} {`)
    const inner = `${indent}  `
    if (state.initial !== undefined) lines.push(`${inner}[*] --> ${nameOf(state.initial)}`)
    state.states.forEach((child, index) => {
      // Regions side by side.
      if (state.type === 'parallel' && index > 0) lines.push(`${inner}--`)
      write(child, inner)
    })
    lines.push(`${indent}}`)
  }
  write(chart.root, '  ')

  for (const state of states) {
    for (const { trigger, guard, actions = [], targets = [] } of state.transitions ?? []) {
      const text = [
        triggerText(trigger),
        guard && `[${guard}]`,
        actions.length > 0 && `/ ${actions.join(', ')}`,
      ]
      const said = label(text.filter(Boolean).join(' '))
      for (const target of targets.length > 0 ? targets : [state.id])
        lines.push(`  ${nameOf(state.id)} --> ${nameOf(target)}${said === '' ? '' : ` : ${said}`}`)
    }
  }
  return `${lines.join('\n')}\n`
}

/** Of blanks alone Mermaid makes no state. */
const NAMELESS = '(no name)'

/** History as UML writes it. */
function nameIn({ key, history }: ChartState): string {
  const name = key.trim() === '' ? NAMELESS : key
  if (history === undefined) return name
  return `${name} (${history === 'deep' ? 'H*' : 'H'})`
}

/** What is done in a state whatever happens, each in a note of its own: a state with others in it has no text but its name. */
function doings({ entry = [], exit = [], invoke = [] }: ChartState): readonly string[] {
  return [
    ...(entry.length > 0 ? [`entry / ${entry.join(', ')}`] : []),
    ...(exit.length > 0 ? [`exit / ${exit.join(', ')}`] : []),
    ...invoke.map(({ src }) => `invokes ${src}`),
  ]
}

/** Letters, digits and what Mermaid gives no meaning; everything else by its number, as Mermaid reads it. */
function label(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,/()[\]!?+*=-]/gu, (char) => `#${char.codePointAt(0)};`)
}
