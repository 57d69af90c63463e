import type { Chart } from '../../../src/inspect/chart/chart.js'
import { cut } from '../../../src/inspect/chart/names.js'
import type { Entry } from '../../../src/inspect/stream/entry.js'
import { isOfPattern } from '../../../src/xstate/descriptor.js'
import { statesOf } from '../chart/folding.js'
import type { Newest } from '../store/holes.js'
import type { Moments } from '../store/moments.js'
import { fieldOf, isPartlyHidden, typeOf } from '../store/values.js'
import { areGuesses, askedIn, driversIn } from './answers.js'
import { isGuess, literal, quoted } from './literal.js'
import { sentIn } from './sent.js'
import { failures, isPlayed, leftOut, stepLines, unplayed } from './sent-lines.js'

/** Where whoever keeps the test writes where the service is. */
export const SERVICE_PATH = './SERVICE.js'

/** What the driver of an actor says of it: a trace does not hold of which kind it is. */
const ANSWERS =
  '      // { resolves: … } or { rejects: … } of a promise or task, of a task with progress: […] too, { sends: […] } of a callback, { emits: […] } of an observable:'

/** The test of so many moments takes more than some seconds. */
const LONG = 500
const SHORTER =
  '// It is long, and each commit and effect is tried: the test of a shorter range of the timeline takes less.'
const DRIVEN =
  '// What its actors answered is what `actors` says, as the trace shows it; of a task that is its end alone, without its steps and its progress.'
const UNSENT =
  '// Nothing came to it from outside: what is tried is its beginning, and what it does by itself.'

/** A sequence has one step at least. */
const NOTHING = "{ do: 'advance', ms: 0 },"

/** Another application tells of no timers. */
const UNTIMED =
  "// Its delays are not told of, and no time passes here: write { do: 'advance', ms: … } where some went by."

/** It says so of values that could be of another type. */
const GUESSED =
  '// What JSON does not have is written as it was shown (12n, NaN, new Map(…)), and a date as its text: see that each is of the type that was sent.'

/** How long the test may take, in ms. */
const LONGEST_MS = 300_000

/**
 * What a service was sent, as a file for vitest that sends it again, interrupted at every commit and effect. What its
 * actors answered is what their drivers say, where that was shown; what could not be taken over is counted at its head, and a comment stands in
 * the place of each.
 *
 * @param newest the newest checkpoint of the store, where it was not recorded
 * @param chart of the machine that is tested, where it is known
 */
export function testFileOf(
  key: string,
  moments: Moments,
  from = 0,
  last = moments.length - 1,
  newest?: Newest,
  chart?: Chart,
): string {
  if (moments.all().some((moment) => moment.type === 'entry' && isOf4(moment.entry)))
    throw new Error(
      'No test can be made of it: it is a machine of XState 4, and what is tested is one of XState 5.',
    )
  const state = moments.stateAt(last)
  const begun = lastBeginning(moments, from, last)
  const first = begun ?? from
  const isAnew = begun !== undefined && sentIn(moments, from, begun - 1).sent.length > 0
  const isWhole = beginsFresh(moments, first)
  const asked = askedIn(moments, first, last)
  const { sent, playedMs } = sentIn(moments, first, last, newest, takenBy(chart), asked)
  const drivers = driversIn(asked, playedMs)
  const undriven = [...new Set(asked.map(({ logic }) => logic))].filter((name) => !drivers.has(name)).sort()
  const unbegun = unbegunIn(moments, chart)
  const asksFor = [...undriven, ...unbegun]
  const input = inputIn(moments, first, last)
  return `${[
    `// What ${quoted(key)}, a service of ${quoted(state?.definition ?? 'a definition')}, was sent.`,
    ...(isAnew ? ['// It was removed and begun anew: what it was sent before that is left out.'] : []),
    ...(isWhole ? [] : ['// The trace begins in its middle: add the events that lead there.']),
    ...(sent.length === 0 ? [UNSENT] : leftOut(sent)),
    ...failures(sent),
    ...unplayed(moments, first, last),
    ...(isUntimed(moments, chart) ? [UNTIMED] : []),
    ...(drivers.size > 0 ? [DRIVEN] : []),
    ...undrivenLines(undriven, unbegun),
    ...(sent.some((one) => 'event' in one && isGuess(one.event)) || isGuess(input) || areGuesses(asked)
      ? [GUESSED]
      : []),
    ...(last - first >= LONG ? [SHORTER] : []),
    "import { verifyInterruptions } from 'tardigrade/testing'",
    "import { expect, test } from 'vitest'",
    '// Write here where the service, or its machine, is exported.',
    `import service from ${quoted(SERVICE_PATH)}`,
    '',
    `test(${quoted(`what ${key} was sent, interrupted at every commit and effect`)}, async () => {`,
    '  const report = await verifyInterruptions(service, {',
    "    mode: 'crashPoints',",
    ...inputLines(input, isWhole),
    '    actors: {',
    ...[...drivers.values()].flat().map((line) => `      ${line}`),
    ...(asksFor.length === 0 ? [] : [ANSWERS]),
    ...asksFor.map((name) => `      // ${quoted(name)}: { … },`),
    '    },',
    '    sequences: [',
    '      [',
    ...sent.flatMap(stepLines).map((line) => `        ${line}`),
    ...(sent.some(isPlayed) ? [] : [`        ${NOTHING}`]),
    '      ],',
    '    ],',
    '  })',
    '  expect(report.runs).toBeGreaterThan(0)',
    // Each commit and effect is a plan of its own, with all that leads there: more than the few seconds that a test has.
    `}, ${LONGEST_MS})`,
  ].join('\n')}\n`
}

/** Whether a machine takes an event in one of its states, as far as its chart tells. */
function takenBy(chart?: Chart): (type: string) => boolean {
  if (chart === undefined || chart.left !== undefined) return () => true
  const patterns = statesOf(chart).flatMap(({ transitions = [] }) => transitions.map(({ event }) => event))
  return (type) => patterns.some((pattern) => isOfPattern(cut(type), pattern))
}

/** What runs for real until somebody says what it answers: the test may pass, and has done it. */
function undrivenLines(undriven: readonly string[], unbegun: readonly string[]): readonly string[] {
  if (undriven.length + unbegun.length === 0) return []
  return [
    `// ATTENTION: no driver says yet what is answered by ${[...undriven, ...unbegun].map(quoted).join(', ')}.`,
    ...(unbegun.length === 0
      ? []
      : [
          `// Of ${unbegun.map(quoted).join(', ')} none began here: of which kind it is is not known, and one that is a machine takes no driver.`,
        ]),
    '// A task without one RUNS FOR REAL, with all that it does outside, again and again, and the test may pass all the same;',
    '// one of another kind is asked for by its name. Write their drivers where `actors` has a comment for each, before you run this.',
  ]
}

/** Names of the logic that the machine invokes in a state in which it never was, as far as its chart tells: the kit asks for their drivers all the same. */
function unbegunIn(moments: Moments, chart?: Chart): readonly string[] {
  if (chart === undefined) return []
  const begun = new Set(
    moments
      .all()
      .flatMap((moment) =>
        moment.type === 'entry' && moment.entry.kind === 'actor' ? [moment.entry.logic] : [],
      ),
  )
  const invoked = statesOf(chart).flatMap(({ invoke = [] }) => invoke.map(({ src }) => src))
  return [...new Set(invoked)].filter((name) => name !== 'inline' && !begun.has(name)).sort()
}

function inputLines(input: unknown, isWhole: boolean): readonly string[] {
  if (input === undefined) return isWhole ? [] : ['    // Where the machine takes one: input: …,']
  return isPartlyHidden(input)
    ? ['    // Not all of the input was shown; write it in its place:', `    // input: ${literal(input)},`]
    : [`    input: ${literal(input)},`]
}

/** What the machine was given at its beginning, where that is among the moments. In a later life it is given none. */
function inputIn(moments: Moments, first: number, last: number): unknown {
  for (const moment of moments.all().slice(first, last + 1)) {
    if (moment.type !== 'entry' || moment.entry.kind !== 'event' || moment.entry.to.length > 0) continue
    const { event } = moment.entry
    if (typeOf(event) === 'xstate.init') return fieldOf(event, 'input')
  }
  return undefined
}

/** The last moment at which it began a first life: it begins another one after it was removed. */
function lastBeginning(moments: Moments, first: number, last: number): number | undefined {
  for (let at = last; at >= first; at--) {
    const moment = moments.at(at)
    if (moment?.type === 'entry' && moment.entry.kind === 'revived' && moment.entry.fresh) return at
  }
  return undefined
}

/** Whether the moments hold a first life: of what another application shows, that is all. */
function beginsFresh(moments: Moments, first: number): boolean {
  const isOurs = isOfService(moments)
  for (let at = first; at < moments.length; at++) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') return false
    if (moment.entry.kind === 'revived') return moment.entry.fresh
    if (moment.entry.kind === 'event') return !isOurs && typeOf(moment.entry.event) === 'xstate.init'
  }
  return false
}

/** Whether they are of a service, and of no other application. */
function isOfService(moments: Moments): boolean {
  return moments.all().some((moment) => moment.type === 'entry' && moment.entry.kind === 'revived')
}

/** Whether time moves the machine, of which nothing is told. */
function isUntimed(moments: Moments, chart?: Chart): boolean {
  if (chart === undefined || isOfService(moments)) return false
  return statesOf(chart).some(({ transitions = [] }) =>
    transitions.some(({ trigger }) => trigger.type === 'after'),
  )
}

/** Whether it begins what an application with XState 4 shows. */
function isOf4(entry: Entry): boolean {
  return entry.kind === 'lifecycle' && entry.event === '@xstate/inspect'
}
