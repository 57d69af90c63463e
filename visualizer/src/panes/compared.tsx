import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import type { TimerState } from '../../../src/inspect/stream/state.js'
import { counted, delayText, pathName } from '../chart/words.js'
import { saveTest, untestable } from '../exports/save-test.js'
import { saveTrace } from '../exports/save-trace.js'
import { go } from '../shell/link.js'
import {
  areTimersGoing,
  isNewestMarked,
  markedIndex,
  newest,
  newestState,
  selected,
  shownIndex,
  standstillMs,
  unrecorded,
} from '../shell/selection.js'
import { store } from '../shell/session.js'
import { momentTime } from '../shell/time.js'
import { timeOf } from '../store/addresses.js'
import { comparison, type Difference } from '../store/differences.js'
import { stateWithKeys } from '../store/effect-keys.js'
import { referenceIn, referenceText } from '../store/references.js'
import { areGoing, type Service } from '../store/service.js'
import { standstillOf } from '../store/standstill.js'
import { effectName } from './line-text.js'
import { exactlyText, type Going, goingAt, timerName, timerText } from './timer-text.js'
import { unseenText } from './unseen.js'

const LONGEST = 120

/** What is not the same at the marked moment and at the one that is shown. */
export function Compared(): JSX.Element | null {
  const found = useComputed(() => {
    const service = selected.value
    const marked = markedIndex.value
    if (service === undefined || marked === undefined) return undefined
    service.version.value
    const [first, second] = [Math.min(marked, shownIndex.value), Math.max(marked, shownIndex.value)]
    // A checkpoint that was not recorded comes after all moments.
    const stored = isNewestMarked.value ? newest.value : unrecorded.value
    const isAlone = isNewestMarked.value && unrecorded.value !== undefined
    const after = stored === undefined ? stateWithKeys(service.moments, second) : newestState.value
    const before = isAlone ? after : stateWithKeys(service.moments, first)
    if (before === undefined || after === undefined) return undefined
    const shown = { areGoing: areTimersGoing.value, sinceMs: standstillMs.value }
    const goingOf = (index: number) =>
      index === shownIndex.value && unrecorded.value === undefined ? shown : goingAt(service.moments, index)
    const lastGoing = stored === undefined ? goingOf(second) : goingOfNewest(service)
    const firstGoing = isAlone ? lastGoing : goingOf(first)
    const [fromMs = 0, lastMs = 0] = [timeOf(service, first), timeOf(service, second)]
    const timer = (of: TimerState, side: 'before' | 'after') => {
      const [at, seenMs] = side === 'before' ? [firstGoing, fromMs] : [lastGoing, stored?.savedAtMs ?? lastMs]
      return `${of.policy}, ${timerText(of, at, (dueAtMs) => exactlyText(dueAtMs, seenMs))}`
    }
    return {
      service,
      first,
      last: second,
      stored,
      isAlone,
      differences: comparison(before, after, {
        actorName: (actor) => pathName(actor, service.moments.logicOf),
        timerName: (of) => timerName(of, service.moments.logicOf),
        effectName: (effect) => effectName(effect, service.moments.logicOf),
        timer,
        isStored: stored !== undefined,
      }),
      fromMs,
      lastMs,
    }
  })
  if (found.value === undefined) return null
  const { service, first, last, stored, isAlone, differences, fromMs, lastMs } = found.value
  const isHere = stored === undefined || stored.state !== undefined
  const why = untestable(service)
  return (
    <section class="part compared" aria-label="Compared">
      <h3>
        {momentTime((isAlone && stored?.savedAtMs) || fromMs)} → {momentTime(stored?.savedAtMs ?? lastMs)}
        {isHere && <b>{differences.length.toLocaleString('en')}</b>}
        <button
          type="button"
          class="quiet"
          aria-label="End the comparison"
          onClick={() => go({ from: undefined })}
        >
          ×
        </button>
      </h3>
      {isAlone ? (
        <p class="range">Checkpoint {stored?.checkpoint}, which comes after all moments</p>
      ) : (
        <p class="range">
          {counted(last - first + 1, 'moment')} in {delayText(lastMs - fromMs)}
          {stored !== undefined && `, and then what was not recorded, up to checkpoint ${stored.checkpoint}`}
          <span class="group">
            <button
              type="button"
              title="Save these moments, to be opened again later"
              onClick={() =>
                void saveTrace(`${service.key}-range.json`, store.value, { service, first, last })
              }
            >
              Save range
            </button>
            <button
              type="button"
              title={why ?? 'Save the events of these moments as a test for vitest'}
              disabled={why !== undefined}
              onClick={() => void saveTest(service, first, last)}
            >
              Test
            </button>
          </span>
        </p>
      )}
      {isHere ? (
        <DifferenceList differences={differences} />
      ) : (
        <p class="none">{unseenText(stored.checkpoint)}</p>
      )}
    </section>
  )
}

/** Whether the timers go on of a checkpoint that was not recorded, whichever moment is shown. */
function goingOfNewest(service: Service): Going {
  const { list } = store.value
  const { moments } = service
  return {
    areGoing: areGoing(list.summary(service).lifecycle),
    sinceMs: standstillOf(moments, moments.length - 1),
  }
}

export function DifferenceList({
  differences,
}: {
  readonly differences: readonly Difference[]
}): JSX.Element {
  if (differences.length === 0) return <p class="none">All is the same.</p>
  return (
    <ul>
      {differences.map(({ path, before, after }) => (
        <li key={path.join('\n')}>
          <span class="path">{path.join(' › ')}</span>
          {before !== undefined && <del>{shortText(before)}</del>}
          {after !== undefined && <ins>{shortText(after)}</ins>}
        </li>
      ))}
    </ul>
  )
}

function shortText(value: unknown): string {
  const told = named(value)
  const text = typeof told === 'string' ? told : (JSON.stringify(told, (_, inner) => named(inner)) ?? '')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** A reference to an actor by its name; any other value as it is. */
function named(value: unknown): unknown {
  const reference = referenceIn(value)
  return reference === undefined ? value : referenceText(reference)
}
