import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { Guarded } from '../shell/guarded.js'
import { Late } from '../shell/late.js'
import { later } from '../shell/later.js'
import { go, link } from '../shell/link.js'
import { Rows } from '../shell/rows.js'
import { markedIndex, pick, pickedIndex, selected, selectRange, shownIndex } from '../shell/selection.js'
import { store } from '../shell/session.js'
import { KINDS, type Kind, Lines, pauseText } from './lines.js'
import { MomentRow } from './moment-row.js'
import { stepLines } from './step-lines.js'
import { StepRow } from './step-row.js'
import { Travel } from './travel.js'

const ROW_HEIGHT = 24
const sequence = later(() => import('./sequence.js'))
const inside = later(() => import('./inside.js'))

/** Everything that happened to the chosen service, over all its processes; a moment that is picked is shown everywhere. */
export function Timeline(): JSX.Element {
  const hide = useComputed(() => link.value.hide ?? '')
  const hidden = useComputed(() => kindsIn(hide.value))
  const query = useComputed(() => link.value.filter ?? '')
  const asSequence = useComputed(() => link.value.history === 'sequence')
  const made = useRef<Lines | undefined>(undefined)
  const service = selected.value
  const steps = useComputed(() => stepLines(selected.value, store.value.counterexample.value))
  const lines = useComputed(() => {
    const moments = selected.value?.moments
    selected.value?.version.value
    if (moments === undefined) return { list: [], length: 0, tail: undefined }
    const text = query.value.trim().toLowerCase()
    if (made.current?.isOf(moments, hidden.value, text, steps.value) !== true)
      made.current = new Lines(moments, moments.dropped, hidden.value, text, steps.value)
    made.current.goOn()
    // Another object each time: the list itself grows in place.
    return { list: made.current.list, length: made.current.list.length, tail: made.current.tail }
  })
  const chosen = useComputed(() => {
    const index = pickedIndex.value
    return index === undefined ? -1 : lineOf(lines.value.list, index)
  })
  const range = useComputed(() => {
    const [from, to] = [markedIndex.value, pickedIndex.value ?? shownIndex.value]
    if (from === undefined) return undefined
    return [lineOf(lines.value.list, from), lineOf(lines.value.list, to)] as const
  })
  if (service === undefined) return <p class="empty">No service is chosen.</p>
  const { moments } = service
  const picked = pickedIndex.value

  /** The moment of a line; of one that is none that of the line to which somebody goes over it. */
  function momentNear(index: number): number | undefined {
    const { list } = lines.value
    const line = list[index]
    // What is hidden after the last line belongs to it.
    if (line === undefined) return index === list.length ? momentNear(index - 1) : undefined
    // Who comes from what is live comes from the end.
    const isOn = pickedIndex.value !== undefined && index > chosen.value
    return nearest(list, index, isOn ? 1 : -1) ?? nearest(list, index, isOn ? -1 : 1)
  }

  function toggle(kind: Kind): void {
    const next = new Set(hidden.value)
    if (!next.delete(kind)) next.add(kind)
    go({ hide: [...next].join(',') || undefined })
  }

  return (
    <>
      <div class="travel">
        <Guarded>
          <Travel service={service} />
        </Guarded>
        <button
          type="button"
          aria-pressed={asSequence.value}
          onClick={() => go({ history: asSequence.value ? undefined : 'sequence' })}
        >
          Sequence
        </button>
        {!asSequence.value && (
          <>
            <div class="chips kinds" role="toolbar" aria-label="Filter by kind">
              {KINDS.map((kind) => (
                <button
                  key={kind}
                  type="button"
                  class={`chip kind-${kind}`}
                  aria-pressed={!hidden.value.has(kind)}
                  onClick={() => toggle(kind)}
                >
                  <i class="dot" />
                  {kind}
                </button>
              ))}
            </div>
            <input
              type="search"
              placeholder="Filter"
              aria-label="Filter the timeline by text"
              value={query}
              onInput={({ currentTarget }) => go({ filter: currentTarget.value || undefined })}
            />
          </>
        )}
      </div>
      <div class="lines">
        {asSequence.value ? (
          <Late of={sequence}>{({ Sequence }) => <Sequence />}</Late>
        ) : lines.value.length === 0 ? (
          <p class="empty">
            {moments.length === 0 && 'Nothing was recorded of it.'}
            {lines.value.tail !== undefined &&
              `Nothing is like that: ${pauseText(lines.value.tail, moments)}.`}
          </p>
        ) : (
          <Rows
            count={lines.value.length + (lines.value.tail === undefined ? 0 : 1)}
            height={ROW_HEIGHT}
            label="Moments"
            chosen={chosen.value}
            sticks={picked === undefined}
            choose={(index) => {
              const moment = momentNear(index)
              if (moment !== undefined) pick(moment)
            }}
            range={range.value}
            leave={() => go({ from: undefined })}
            select={(from, to) => {
              const [first, last] = [momentNear(from), momentNear(to)]
              if (first !== undefined && last !== undefined) selectRange(first, last)
            }}
            row={(index) => {
              const line = lines.value.list[index] ?? lines.value.tail
              if (line === undefined) return null
              if (line.type === 'pause') return <span class="pause">{pauseText(line, moments)}</span>
              if (line.type === 'step') return <StepRow line={line} />
              return <MomentRow moments={moments} index={line.index} />
            }}
          />
        )}
        {picked !== undefined && (
          <aside class="inside" aria-label="What is in this moment">
            <Late of={inside}>{({ Inside }) => <Inside moments={moments} index={picked} />}</Late>
          </aside>
        )}
      </div>
    </>
  )
}

/** Those that the address names. */
function kindsIn(names: string): ReadonlySet<Kind> {
  const all = new Set(names.split(','))
  return new Set(KINDS.filter((kind) => all.has(kind)))
}

/** The moment of a line, or of the first one in a direction that is of a moment. */
function nearest(list: Lines['list'], from: number, by: 1 | -1): number | undefined {
  for (let at = from; at >= 0 && at < list.length; at += by) {
    const line = list[at]
    if (line?.type === 'moment') return line.index
  }
  return undefined
}

/** The line of a moment, or of the last one before it that is shown. */
function lineOf(list: Lines['list'], index: number): number {
  let [low, high] = [0, list.length - 1]
  let found = -1
  while (low <= high) {
    const middle = (low + high) >> 1
    const line = list[middle]
    // What is no moment stands before one.
    const at = nearest(list, middle, 1)
    if (at !== undefined && at <= index) {
      if (line?.type === 'moment') found = middle
      low = middle + 1
    } else high = middle - 1
  }
  return found
}
