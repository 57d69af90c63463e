import { counted } from '../chart/words.js'
import { holeText } from '../store/holes.js'
import type { Moments } from '../store/moments.js'
import { typeOf } from '../store/values.js'
import { literal, quoted } from './literal.js'
import type { Sent } from './sent.js'

/** Whether it is a step that a test takes: all else is a comment. */
export function isPlayed({ type }: Sent): boolean {
  return type === 'event' || type === 'advance' || type === 'retry'
}

/** What of a step stands in the sequence. */
export function stepLines(of: Sent): readonly string[] {
  switch (of.type) {
    case 'event':
      return [`${literal(of.event)},`]
    case 'advance':
      return [`${literal({ do: 'advance', ms: of.ms })},`]
    case 'retry':
      return [`${literal({ do: 'retry' })},`]
    case 'failure':
      return [`// Here it failed${of.told === '' ? '' : `: ${quoted(of.told)}`}`]
    case 'hidden':
      return ['// Not all of this event was shown; write it in its place:', `// ${literal(of.event)},`]
    case 'untaken':
      return ['// The machine takes this one in no state:', `// ${literal(of.event)},`]
    case 'lost':
      return ['// This one was refused, or lost with its process:', `// ${literal(of.event)},`]
    case 'waiting':
      return ['// This one waits in the inbox at the end:', `// ${literal(of.event)},`]
    case 'line':
      return [`// ${capital(holeText(of))}:`, '// what led there stands above, as far as it was recorded.']
    default:
      return [`// Write here what it was sent between: ${holeText(of)}.`]
  }
}

/** What could not be taken over, and how often, as comments at the head of the file. */
export function leftOut(sent: readonly Sent[]): readonly string[] {
  const [hidden, waiting, untaken, lost] = (['hidden', 'waiting', 'untaken', 'lost'] as const).map((type) =>
    sent.flatMap((one) => (one.type === type ? [typeOf(one.event)] : [])),
  )
  const holes = sent.flatMap((one) =>
    one.type === 'missing' || one.type === 'unrecorded' || one.type === 'line' || one.type === 'unknown'
      ? [holeText(one)]
      : [],
  )
  return [
    ...listed('What the trace does not tell', [
      ...eventsText(hidden, 'not shown whole'),
      ...eventsText(waiting, 'in the inbox at the end'),
      ...[...countedIn(holes)].map(([text, count]) => (count === 1 ? text : `${text}, ${count} times`)),
    ]),
    ...listed('What the service did not take', [
      ...eventsText(untaken, 'taken in no state'),
      ...eventsText(lost, 'refused, or lost with the process'),
    ]),
  ]
}

function listed(what: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : [`// ${what}, each with a comment in its place:`, ...lines.map((line) => `// - ${line}`)]
}

/** What happened to it that no sequence plays: that it was paused or came into another process. */
export function unplayed(moments: Moments, first: number, last: number): readonly string[] {
  const counts = { pause: 0, process: 0 }
  for (let at = first; at <= last; at++) {
    const [before, moment] = [moments.at(at - 1), moments.at(at)]
    if (moment?.type !== 'entry') continue
    if (at > first && before?.incarnation !== moment.incarnation) counts.process++
    const { entry } = moment
    if (entry.kind !== 'lifecycle') continue
    if (entry.state === 'paused') counts.pause++
  }
  const texts = [
    ...(counts.pause > 0 ? [counted(counts.pause, 'pause')] : []),
    ...(counts.process > 0 ? [counted(counts.process, 'further process', 'further processes')] : []),
  ]
  return texts.length === 0 ? [] : [`// What is not played: ${texts.join(', ')}.`]
}

function eventsText(types: readonly string[] = [], why: string): readonly string[] {
  if (types.length === 0) return []
  const each = [...countedIn(types)].map(([type, count]) => `${quoted(type)} × ${count}`)
  return [`${counted(types.length, 'event')} (${each.join(', ')}), ${why}`]
}

function countedIn(texts: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const text of texts) found.set(text, (found.get(text) ?? 0) + 1)
  return found
}

/** How often it failed: of the world outside, which may have had a part in it, a trace tells nothing. */
export function failures(sent: readonly Sent[]): readonly string[] {
  const count = sent.filter(({ type }) => type === 'failure').length
  return count === 0
    ? []
    : [
        `// It failed ${count === 1 ? 'once, with a comment in its place' : `${count} times, each with a comment in its place`}, and a retry does nothing where it has not failed:`,
        '// the test passes where the service is sound, whether or not it fails again, and is about what interruptions change alone.',
      ]
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
