import type { JSX } from 'preact'
import type { StoredService } from '../../../src/inspect/stream/message.js'
import { go, link } from '../shell/link.js'
import { markedIndex, markShown, nowIndex, pick, pickedIndex, unrecorded } from '../shell/selection.js'
import { lastText } from '../shell/session.js'
import { momentTime } from '../shell/time.js'
import { momentOf } from '../store/addresses.js'
import type { Service } from '../store/service.js'
import { momentText } from './moment-row.js'

/** Goes through the history of a service, and marks the moment with which others are compared. */
export function Travel({ service }: { readonly service: Service }): JSX.Element {
  const { moments } = service
  const now = nowIndex.value
  const at = pickedIndex.value ?? now
  const goTo = (index: number) => pick(index >= now ? undefined : Math.max(0, index))
  // At an end they keep the focus: who goes back and forth by keys comes by there.
  const [isFirst, isLast] = [at <= 0, pickedIndex.value === undefined]
  return (
    <>
      <button
        type="button"
        aria-label="One moment back"
        aria-disabled={isFirst || undefined}
        onClick={() => goTo(at - 1)}
      >
        ◂
      </button>
      <input
        type="range"
        min={0}
        max={Math.max(0, now)}
        value={at}
        aria-label="Moment"
        aria-valuetext={`moment ${Math.max(0, at) + 1} of ${Math.max(0, now) + 1}: ${
          unrecorded.value === undefined ? momentText(moments, at) : newestText(service, unrecorded.value)
        }`}
        onInput={({ currentTarget }) => goTo(Number(currentTarget.value))}
      />
      <button
        type="button"
        aria-label="One moment on"
        aria-disabled={isLast || undefined}
        onClick={() => goTo(at + 1)}
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

/** The checkpoint at which the service stands after all of its moments, as those are told. */
function newestText(service: Service, stored: StoredService): string {
  const isAgain = momentOf(service, stored) !== undefined
  const why = isAgain ? 'to which the store went back' : 'which was not recorded'
  return `${momentTime(stored.savedAtMs)} checkpoint ${stored.checkpoint} (${stored.phase}), ${why}`
}
