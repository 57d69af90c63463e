import type { Moments } from '../store/moments.js'
import { fieldOf, isPartlyHidden, typeOf } from '../store/values.js'

/** Where whoever keeps the test writes where the service is. */
export const SERVICE_PATH = './SERVICE.js'

/** What the driver of an actor says of it: a trace does not hold of which kind it is. */
const ANSWERS =
  '      // { resolves: … } of a promise or task, { sends: […] } of a callback, { emits: […] } of an observable:'

/** A step of the sequence; one that was not shown whole is left to whoever keeps the test. */
interface Sent {
  readonly step: unknown
  readonly isWhole?: boolean
}

/**
 * What a service was sent, as a file for vitest that sends it again, interrupted at every commit and effect. What is beside it in a trace
 * (what actors answered) is left to whoever keeps the test.
 */
export function testFileOf(key: string, moments: Moments, first = 0, last = moments.length - 1): string {
  const state = moments.stateAt(last)
  const isWhole = beginsFresh(moments, first)
  const actors = [...new Set(outsideActors(moments, first, last))].sort()
  const lines = sentIn(moments, first, last).flatMap(({ step, isWhole = true }) =>
    isWhole
      ? [`        ${literal(step)},`]
      : [
          '        // Not all of this event was shown; write it in its place:',
          `        // ${literal(step)},`,
        ],
  )
  return `${[
    `// What ${quoted(key)}, a service of ${quoted(state?.definition ?? 'a definition')}, was sent.`,
    ...(isWhole ? [] : ['// The trace begins in its middle: add the events that lead there.']),
    "import { verifyInterruptions } from 'tardigrade/testing'",
    "import { expect, test } from 'vitest'",
    '// Write here where the service, or its machine, is exported.',
    `import service from ${quoted(SERVICE_PATH)}`,
    '',
    `test(${quoted(`what ${key} was sent, interrupted at every commit and effect`)}, async () => {`,
    '  const report = await verifyInterruptions(service, {',
    "    mode: 'crashPoints',",
    ...inputLines(moments, first, last),
    '    actors: {',
    ...(actors.length === 0 ? [] : [ANSWERS]),
    ...actors.map((name) => `      // ${quoted(name)}: { … },`),
    '    },',
    '    sequences: [',
    '      [',
    ...lines,
    '      ],',
    '    ],',
    '  })',
    '  expect(report.runs).toBeGreaterThan(0)',
    '})',
  ].join('\n')}\n`
}

/** What the machine was given at its beginning, where that is among the moments and was shown whole. */
function inputLines(moments: Moments, first: number, last: number): readonly string[] {
  for (const moment of moments.all().slice(first, last + 1)) {
    if (moment.type !== 'entry' || moment.entry.kind !== 'event' || moment.entry.to.length > 0) continue
    const { event } = moment.entry
    if (typeOf(event) !== 'xstate.init') continue
    const input = fieldOf(event, 'input')
    if (input === undefined) return []
    return isPartlyHidden(input)
      ? ['    // Not all of the input was shown; write it in its place:', `    // input: ${literal(input)},`]
      : [`    input: ${literal(input)},`]
  }
  return ['    // Where the machine takes one: input: …,']
}

/** Whether the moments hold a first life. */
function beginsFresh(moments: Moments, first: number): boolean {
  for (let at = first; at < moments.length; at++) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') return false
    if (moment.entry.kind === 'revived') return moment.entry.fresh
    if (moment.entry.kind === 'event') return false
  }
  return false
}

/** Names of the logic that answers from outside, as far as the machine has started it. */
function* outsideActors(moments: Moments, first: number, last: number): Generator<string> {
  for (const moment of moments.all().slice(first, last + 1)) {
    if (moment.type !== 'entry' || moment.entry.kind !== 'actor') continue
    const { logic, chart } = moment.entry
    if (logic !== '' && chart === undefined) yield logic
  }
}

/** Events from outside, and the time between them while a timer ran. */
function sentIn(moments: Moments, first: number, last: number): readonly Sent[] {
  const sent: Sent[] = []
  let sinceMs: number | undefined
  let isTimed = false
  const pass = (atMs: number): void => {
    if (isTimed && sinceMs !== undefined && atMs > sinceMs)
      sent.push({ step: { do: 'advance', ms: atMs - sinceMs } })
    sinceMs = atMs
    isTimed = false
  }
  for (let at = first; at <= last; at++) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') continue
    const { entry } = moment
    sinceMs ??= entry.atMs
    if (entry.kind === 'timer') {
      if (entry.change === 'fired') pass(entry.atMs)
      isTimed = isTimed || entry.change === 'set' || entry.change === 'kept'
    }
    if (entry.kind !== 'event' || entry.to.length > 0 || entry.from !== undefined) continue
    const type = typeOf(entry.event)
    if (type.startsWith('xstate.') || typeof fieldOf(entry.event, 'type') !== 'string') continue
    isTimed = isTimed || (moments.stateAt(at)?.timers.length ?? 0) > 0
    pass(entry.atMs)
    sent.push({ step: entry.event, isWhole: !isPartlyHidden(entry.event) })
    isTimed = (moments.stateAt(at)?.timers.length ?? 0) > 0
  }
  return sent
}

/** A value as JavaScript that means the same, on one line. */
function literal(value: unknown): string {
  // As a name in braces it would set the prototype.
  return oneLine(JSON.stringify(value)).replaceAll(/(?<!\\)"__proto__":/g, '["__proto__"]:')
}

function quoted(text: string): string {
  return oneLine(JSON.stringify(text))
}

/** JSON leaves two characters as they are that end a line of JavaScript. */
function oneLine(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
