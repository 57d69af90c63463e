import type { JSX } from 'preact'
import { go, link } from '../shell/link.js'
import { markedIndex, markShown, pick, pickedIndex, shownIndex } from '../shell/selection.js'
import { lastText } from '../shell/session.js'
import type { Service } from '../store/service.js'
import { momentText } from './moment-row.js'

/** Goes through the history of a service, and marks the moment with which others are compared. */
export function Travel({ service }: { readonly service: Service }): JSX.Element {
  const { moments } = service
  const last = moments.length - 1
  return (
    <>
      <button
        type="button"
        aria-label="One moment back"
        disabled={shownIndex.value <= 0}
        onClick={() => pick(shownIndex.value - 1)}
      >
        ◂
      </button>
      <input
        type="range"
        min={0}
        max={Math.max(0, last)}
        value={shownIndex.value}
        aria-label="Moment"
        aria-valuetext={momentText(moments, shownIndex.value)}
        onInput={({ currentTarget }) => {
          const index = Number(currentTarget.value)
          pick(index >= last ? undefined : index)
        }}
      />
      <button
        type="button"
        aria-label="One moment on"
        disabled={pickedIndex.value === undefined}
        onClick={() => pick(shownIndex.value + 1 >= last ? undefined : shownIndex.value + 1)}
      >
        ▸
      </button>
      <button
        type="button"
        class="now"
        aria-pressed={link.value.at === undefined}
        onClick={() => pick(undefined)}
      >
        {lastText(service)}
      </button>
      <button
        type="button"
        aria-pressed={markedIndex.value !== undefined}
        title="Mark this moment, go to another one, and see what is not the same"
        onClick={() => (markedIndex.value === undefined ? markShown() : go({ from: undefined }))}
      >
        Compare
      </button>
    </>
  )
}
