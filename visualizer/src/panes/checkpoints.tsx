import { useSignal, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import type { StoredCheckpointShown } from '../../../src/inspect/stream/message.js'
import { timeText } from '../chart/words.js'
import { Coded } from '../shell/coded.js'
import { pick, pickedIndex, shownMs } from '../shell/selection.js'
import { askHistory, connection, store } from '../shell/session.js'
import { momentOf } from '../store/addresses.js'
import type { Service } from '../store/service.js'
import { valueText } from '../store/values.js'
import { durable, isAtRest, sizeText } from './crash.js'
import { Part } from './part.js'
import { Tree } from './tree.js'

/** The checkpoints that the store keeps of a service, newest first, with the one that it would go on from; each can be gone to and looked into. */
export function Checkpoints({ service }: { readonly service: Service }): JSX.Element | null {
  const isOpen = useSignal(false)
  const opened = useSignal<string | undefined>(undefined)
  // They are records in whole: nobody is sent them who does not look, and again when there is a newer one.
  useSignalEffect(() => {
    service.version.value
    if (isOpen.value && connection.value.status === 'open' && service.stored !== undefined)
      askHistory(service)
  })
  // What the store says of it is no signal.
  service.version.value
  if (service.stored === undefined || connection.value.status !== 'open') return null
  // What was told of them before need not be so any more.
  if (store.value.kept.isUnreadable(service)) return null
  const { history } = service
  const checkpoints = history?.checkpoints ?? []
  const used = usedOf(service, checkpoints)
  return (
    <Part title="Kept checkpoints">
      <button
        type="button"
        class="quiet"
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        {isOpen.value ? 'Hide' : 'Show'}
      </button>
      {isOpen.value && history?.problem !== undefined && (
        <p class="bad">
          <Coded text={history.problem.message} />
        </p>
      )}
      {isOpen.value && (
        <ul class="checkpoints">
          {checkpoints.map((one) => (
            <li key={idOf(one)}>
              <button
                type="button"
                aria-expanded={opened.value === idOf(one)}
                onClick={() => {
                  opened.value = opened.value === idOf(one) ? undefined : idOf(one)
                  pick(momentOf(service, one))
                }}
              >
                <span class="name">{one.checkpoint}</span>
                <span class="value">{one.value === undefined ? one.phase : valueText(one.value)}</span>
                <span class="about">
                  {one.phase}, {timeText(one.savedAtMs)}, {sizeText(one.size)}
                </span>
                {one === used && <em>{usedText(one.phase)}</em>}
              </button>
              {one.damage !== undefined && (
                <p class="bad">
                  {pickedIndex.value === undefined &&
                  one.damage.message === service.stored?.damage?.message ? (
                    'It is damaged: what to do is said above.'
                  ) : (
                    <Coded text={one.damage.message} />
                  )}
                </p>
              )}
              {opened.value === idOf(one) && one.record !== undefined && (
                <ul class="tree">
                  <Tree name="record" value={one.record} before={undefined} isOpen />
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}

/** When it is used; a failure is durable, and no start gets over it. */
function usedText(phase: string): string {
  if (phase === 'failed') return 'used by its retry'
  return isAtRest.value ? 'used by the next start' : 'used if the process died now'
}

/** The one that it would go on from; undefined where a damaged one keeps it from that, and where it is kept no more. */
function usedOf(service: Service, kept: readonly StoredCheckpointShown[]): StoredCheckpointShown | undefined {
  const isNow = pickedIndex.value === undefined
  const { isOutdated, word } = store.value.kept.standingOf(service)
  // What was recorded of it says nothing of what has become of it in the store.
  if (isNow && (service.stored?.damage !== undefined || isOutdated || word === 'older'))
    return newestWhole(kept)
  const found = durable.value
  if (found.type !== 'checkpoint') return isNow && found.type !== 'damaged' ? newestWhole(kept) : undefined
  const { checkpoint, commit } = found
  // Numbers come again where the newest ones were set aside, and epochs in a store that was restored or begun anew.
  return kept.find(
    (one) =>
      one.checkpoint === checkpoint &&
      (commit === undefined || one.epoch === commit.epoch) &&
      (isNow || one.savedAtMs <= shownMs.value),
  )
}

/** A service that no process has goes on from the newest one; a damaged one says so instead. */
function newestWhole([newest]: readonly StoredCheckpointShown[]): StoredCheckpointShown | undefined {
  return newest?.damage === undefined ? newest : undefined
}

/** Numbers alone come again. */
function idOf({ epoch, checkpoint, savedAtMs }: StoredCheckpointShown): string {
  return `${epoch} ${checkpoint} ${savedAtMs}`
}
