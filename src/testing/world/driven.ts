import {
  type AnyActorLogic,
  type EventObject,
  fromCallback,
  fromObservable,
  fromPromise,
  type Observer,
} from 'xstate'
import type { Clock } from '../../ports/clock.js'
import { effectKey } from '../../service/effect-key.js'
import type { TaskScope } from '../../task/run.js'
import { task } from '../../task/task.js'
import { type Answer, type Answers, listed } from './drivers.js'
import type { Done } from './outside.js'
import { plainText } from './plain.js'
import type { OnStage, Stage } from './stand-ins.js'

/** A promise that asks the outside once, and comes to what it answers. */
export function drivenPromise(
  name: string,
  answers: Answers,
  { stage, fresh, onStart }: OnStage,
): AnyActorLogic {
  return fromPromise(async ({ input, signal }) => {
    onStart(name)
    const done = { key: effectKey(), name, what: askedWith(name, input) }
    const answer = await asked(stage(), answers, done)
    await due(stage(), done.key, answer, signal)
    return outcome(fresh(answer))
  })
}

/** A task that asks the outside, makes its progress, and comes to what the outside answers. */
export function drivenTask(
  name: string,
  answers: Answers,
  { stage, fresh, onStart }: OnStage,
): AnyActorLogic {
  return task(async ({ input, key, progress, interruption }: TaskScope) => {
    onStart(name)
    const answer = await asked(stage(), answers, { key: key('asked'), name, what: askedWith(name, input) })
    const all = answer.progress ?? []
    // One that goes on knows by its last progress where.
    const last = plainText(progress.value)
    for (const part of all.slice(all.findIndex((one) => plainText(one) === last) + 1)) {
      await due(stage(), key(plainText(part)), answer, interruption)
      await progress.set(fresh(part))
    }
    await due(stage(), key('ended'), answer, interruption)
    return outcome(fresh(answer))
  })
}

/** What a callback hears is not noted: one that ends in the very turn in which it is told is not told again after a crash. */
export function drivenCallback(
  name: string,
  events: readonly EventObject[],
  { stage, fresh }: OnStage,
): AnyActorLogic {
  return fromCallback(({ sendBack }) => {
    stage().outside.started(name)
    for (const event of events) sendBack(fresh(event))
  })
}

/** Every life subscribes anew, and is shown all from the first. */
export function drivenObservable(
  name: string,
  values: readonly unknown[],
  completes: boolean,
  { stage, fresh }: OnStage,
): AnyActorLogic {
  return fromObservable(() => ({
    subscribe(to: unknown) {
      stage().outside.started(name)
      // XState gives an observer whole.
      const observer = to as Required<Observer<unknown>>
      for (const value of values) observer.next(fresh(value))
      if (completes) observer.complete()
      return { unsubscribe: () => {} }
    },
  }))
}

/** A request in words. */
export function askedWith(name: string, input: unknown): string {
  return `${name} asked with ${plainText(input)}`
}

/** What it comes to. */
export function outcome(answer: Answer): unknown {
  if ('rejects' in answer) throw answer.rejects
  return answer.resolves
}

/** Asks the outside, and knows what it will answer. */
export async function asked({ outside }: Stage, answers: Answers, done: Done): Promise<Answer> {
  if (!outside.did(done)) return neverAnswered()
  const all = listed(answers)
  // It is a turn of so many.
  return all[outside.turnOf(done, all.length)] as Answer
}

/** What one waits for whose process has died before it could ask. */
export function neverAnswered(): Promise<never> {
  return new Promise(() => {})
}

/** Waits until the answer is there: by the clock on the wall, as if it was asked for once, whoever asks. */
export async function due(
  { outside, process: { clock } }: Stage,
  key: string | undefined,
  { afterMs = 0 }: Answer,
  quit: AbortSignal,
): Promise<void> {
  quit.throwIfAborted()
  const atMs = outside.answersAtMs(key, clock.now(), afterMs)
  const answered = outside.awaits(key)
  try {
    for (let waitMs = atMs - clock.now(); waitMs > 0; waitMs = atMs - clock.now()) {
      await passed(clock, waitMs, quit)
    }
  } finally {
    answered()
  }
}

/** Rejects with the signal's reason where that comes first. */
function passed(clock: Clock, waitMs: number, quit: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clock.clearTimer(timer)
      reject(quit.reason)
    }
    const timer = clock.setTimer(() => {
      quit.removeEventListener('abort', stop)
      resolve()
    }, waitMs)
    quit.addEventListener('abort', stop)
  })
}
