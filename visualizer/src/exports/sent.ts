import type { LifecycleHappening } from '../../../src/inspect/stream/entry.js'
import { errorText } from '../panes/error-text.js'
import { type Hole, holeAt, type Newest, unrecorded } from '../store/holes.js'
import { after, type Moments } from '../store/moments.js'
import { fieldOf, isPartlyHidden, typeOf } from '../store/values.js'
import { type Asked, WorkOutside } from './answers.js'
import { isFromOutside, lostIn } from './lost.js'
import { PlayedTime } from './played.js'
import { stoodBefore } from './stood.js'

/** A step of what a service was sent, or what stands in the place of some that no trace holds. */
export type Sent =
  | { readonly type: 'event'; readonly event: unknown }
  | { readonly type: 'advance'; readonly ms: number }
  /** What the service failed with, as it is told in a line. */
  | { readonly type: 'failure'; readonly told: string }
  | { readonly type: 'retry' }
  /** An event that was not shown whole. */
  | { readonly type: 'hidden'; readonly event: unknown }
  /** One that the machine takes in no state: a test refuses to send it. */
  | { readonly type: 'untaken'; readonly event: unknown }
  /** One that was refused, or lost with its process. */
  | { readonly type: 'lost'; readonly event: unknown }
  /** Events that wait in the inbox at the end. */
  | { readonly type: 'waiting'; readonly event: unknown }
  | Hole

/** What a service was sent, and how much time passes in that between the moments of what it asked. */
export interface SentAndPlayed {
  readonly sent: readonly Sent[]
  playedMs(asked: Asked): number
}

/**
 * Events from outside between two moments, with the time between them while a timer ran (and not all of them stood still) or an actor
 * worked that has answered, and what could not be taken over.
 *
 * @param takes whether the machine takes an event in some state
 * @param all what was asked between them
 */
export function sentIn(
  moments: Moments,
  first: number,
  last: number,
  newest?: Newest,
  takes: (type: string) => boolean = () => true,
  all: readonly Asked[] = [],
): SentAndPlayed {
  const sent: Sent[] = []
  const lost = lostIn(moments)
  const work = new WorkOutside(all)
  const time = new PlayedTime((ms) => addTime(sent, ms))
  let state = first === 0 ? undefined : moments.stateAt(first - 1)
  let checkpoint = state?.commit?.checkpoint
  for (let at = first; at <= last; at++) {
    const moment = moments.at(at)
    if (moment === undefined) continue
    const stood = stoodBefore(moments, at, state)
    state = after(state, moment)
    const hole = holeAt(moments, at, checkpoint)
    const isTold = hole?.type === 'unknown' && (at === first || isHole(sent.at(-1)))
    if (hole !== undefined && !isTold) sent.push(hole)
    // 0 is none.
    checkpoint = state?.commit?.checkpoint ?? (state?.revivedFrom || checkpoint)
    if (moment.type !== 'entry') continue
    const { entry } = moment
    const goesOn = (state?.timers.length ?? 0) > 0 || work.isUnderWay(at)
    time.comes(entry.atMs, stood)
    if (work.turnsAt(at)) {
      time.play(entry.atMs, goesOn)
      work.turned(at, time.allMs)
    }
    if (entry.kind === 'timer') {
      if (entry.change === 'fired') time.play(entry.atMs, work.isUnderWay(at))
      time.waits(entry.change === 'set' || entry.change === 'kept')
    }
    if (entry.kind === 'lifecycle') {
      const [isFailure, isRetry] = [entry.state === 'failed', entry.event === 'lifecycle.retry']
      if ((isFailure && !isToldAgain(sent, entry)) || isRetry) {
        // Before it is retried it does nothing.
        time.play(entry.atMs, goesOn)
        sent.push(isRetry ? { type: 'retry' } : { type: 'failure', told: errorText(moment) })
      }
    }
    if (!isFromOutside(entry)) continue
    const { event } = entry
    if (lost.has(at)) {
      sent.push({ type: 'lost', event })
      continue
    }
    time.waits(goesOn)
    time.play(entry.atMs, goesOn)
    const isWhole = typeof fieldOf(event, 'type') === 'string' && !isPartlyHidden(event)
    sent.push({ type: !isWhole ? 'hidden' : takes(typeOf(event)) ? 'event' : 'untaken', event })
  }
  for (const { event } of state?.inbox ?? []) sent.push({ type: 'waiting', event })
  // In a store that was begun anew or restored their numbers come again.
  if (newest !== undefined) sent.push(unrecorded(checkpoint ?? 0, newest))
  return { sent, playedMs: (asked) => work.playedMs(asked) }
}

/** Whether it is the failure before, which each process tells that meets it. */
function isToldAgain(sent: readonly Sent[], { failure }: LifecycleHappening): boolean {
  if (fieldOf(failure, 'name') !== 'FailedEarlierError') return false
  return sent.findLast(({ type }) => type === 'failure' || type === 'retry')?.type === 'failure'
}

function isHole(sent: Sent | undefined): boolean {
  return sent?.type === 'missing' || sent?.type === 'unrecorded' || sent?.type === 'line'
}

/** Time between which nothing lies is one step. */
function addTime(sent: Sent[], ms: number): void {
  const before = sent.at(-1)
  if (before?.type !== 'advance') sent.push({ type: 'advance', ms })
  else sent[sent.length - 1] = { type: 'advance', ms: before.ms + ms }
}
