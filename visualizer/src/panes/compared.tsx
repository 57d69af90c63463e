import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { counted, delayText, timeText } from '../chart/words.js'
import { saveTest } from '../exports/save-test.js'
import { saveTrace } from '../exports/save-trace.js'
import { go } from '../shell/link.js'
import { markedIndex, selected, shownIndex, shownState, unrecorded } from '../shell/selection.js'
import { store } from '../shell/session.js'
import { timeOf } from '../store/addresses.js'
import { comparison, type Difference } from '../store/differences.js'
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
    const stored = unrecorded.value
    const before = service.moments.stateAt(first)
    const after = stored === undefined ? service.moments.stateAt(second) : shownState.value
    if (before === undefined || after === undefined) return undefined
    return {
      service,
      first,
      last: second,
      stored,
      differences: comparison(before, after),
      fromMs: timeOf(service, first),
      lastMs: timeOf(service, second),
    }
  })
  if (found.value === undefined) return null
  const { service, first, last, stored, differences, fromMs = 0, lastMs = 0 } = found.value
  const isHere = stored === undefined || stored.state !== undefined
  return (
    <section class="part compared" aria-label="Compared">
      <h3>
        {timeText(fromMs)} → {timeText(stored?.savedAtMs ?? lastMs)}
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
      <p class="range">
        {counted(last - first + 1, 'moment')} in {delayText(lastMs - fromMs)}
        {stored !== undefined && `, and then what was not recorded, up to checkpoint ${stored.checkpoint}`}
        <span class="group">
          <button
            type="button"
            title="Save these moments, to be opened again later"
            onClick={() => void saveTrace(`${service.key}-range.json`, store.value, { service, first, last })}
          >
            Save range
          </button>
          <button
            type="button"
            title="Save the events of these moments as a test for vitest"
            onClick={() => void saveTest(service, first, last)}
          >
            Test
          </button>
        </span>
      </p>
      {isHere ? (
        <DifferenceList differences={differences} />
      ) : (
        <p class="none">{unseenText(stored.checkpoint)}</p>
      )}
    </section>
  )
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
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
