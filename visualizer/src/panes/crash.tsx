import { computed, useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { counted } from '../chart/words.js'
import { Coded } from '../shell/coded.js'
import { isPartial, pickedIndex, selected, shownIndex } from '../shell/selection.js'
import { isLost, store } from '../shell/session.js'
import { momentOf } from '../store/addresses.js'
import { type Durable, durableAt } from '../store/durable.js'
import { newestOf, type Service } from '../store/service.js'
import { fieldOf } from '../store/values.js'
import { Part } from './part.js'

/** Whether what is shown is now, and no process has the service that could die. */
export const isAtRest = computed(() => {
  const service = selected.value
  service?.version.value
  if (service === undefined || pickedIndex.value !== undefined) return false
  const { hello, kept } = store.value
  // Who shows itself has its services no more.
  if (isLost.value && hello.value?.command === undefined) return true
  const { live, word, owned } = kept.standingOf(service)
  return !live && word !== 'unknown' && word !== 'untold' && owned !== 'yes'
})

/** What the store had at the moment that is shown, as far as its recording tells. */
export const durable = computed((): Durable => {
  const service = selected.value
  service?.version.value
  return service === undefined ? { type: 'unknown' } : durableAt(service.moments, shownIndex.value)
})

const READING = 'Nobody knows yet: what there is is still being read.'
/** A failure is durable: no start gets over it. */
const WAITS = 'It has failed, and waits for its `retry`'
const DONE = 'Nothing: it is done, and nothing is left to do.'
const REMOVED = 'It was removed from the store, and would begin anew.'
const NEW = 'Nothing is durable yet: it would begin anew.'

/** Which checkpoint a crash at this moment would go on from, and what it would cost. */
export function Crash({ state }: { state: ServiceState }): JSX.Element {
  const { commit } = state
  const otherwise = useComputed(() =>
    pickedIndex.value === undefined ? (isPartial.value ? READING : storeText(selected.value)) : undefined,
  )
  const after = commit === undefined ? 0 : entriesAfter(commit.upTo)
  return (
    <Part title={isAtRest.value ? 'At the next start' : 'If the process died now'}>
      {otherwise.value !== undefined ? (
        <p class="none">
          <Coded text={otherwise.value} />
        </p>
      ) : commit === undefined || state.lifecycle === 'removed' || durable.value.type === 'damaged' ? (
        <p class="none">
          <Coded text={crashText(state, selected.value)} />
        </p>
      ) : commit.phase === 'done' ? (
        <p class="none">{DONE}</p>
      ) : (
        <>
          {commit.phase === 'failed' && (
            <p>
              <Coded text={`${WAITS}.`} />
            </p>
          )}
          <dl>
            <div>
              <dt>{commit.phase === 'failed' ? 'That goes on from' : 'It goes on from'}</dt>
              <dd>
                checkpoint {commit.checkpoint} ({commit.phase})
              </dd>
            </div>
            <div>
              <dt>Size</dt>
              <dd>{sizeText(commit.size)}</dd>
            </div>
            <div>
              <dt>Committed in</dt>
              <dd>{Math.round(commit.durationMs * 10) / 10} ms</dd>
            </div>
            <div>
              <dt>Owner’s epoch</dt>
              <dd>{commit.epoch}</dd>
            </div>
            {after > 0 && (
              <div>
                <dt>Since its capture</dt>
                <dd>{counted(after, 'entry', 'entries')}</dd>
              </div>
            )}
          </dl>
        </>
      )}
    </Part>
  )
}

/** Entries of the service that came after the capture of its newest checkpoint, the commit itself aside. */
function entriesAfter(sequence: number): number {
  const moments = selected.value?.moments
  let count = 0
  for (let at = shownIndex.value; at >= 0; at--) {
    const moment = moments?.at(at)
    if (moment?.type !== 'entry' || moment.entry.sequence <= sequence) break
    if (moment.entry.kind !== 'commit') count++
  }
  return count
}

/** What the store says, where it is another thing than was recorded. */
function storeText(service: Service | undefined): string | undefined {
  if (service === undefined) return undefined
  service.version.value
  const { stored, state } = service
  if (store.value.kept.isUnreadable(service)) {
    const commit = state?.commit
    const recorded =
      commit === undefined ? '' : ` The newest commit that was recorded is checkpoint ${commit.checkpoint}.`
    return `Nobody knows: the store cannot be read.${recorded}`
  }
  if (store.value.list.summary(service).lifecycle === 'removed') return REMOVED
  if (store.value.kept.isAhead(service) && !store.value.isLive(service)) return olderText(service)
  const newest = store.value.kept.isOutdated(service) ? newestOf(service) : undefined
  if (newest?.phase === 'done') return DONE
  if (newest !== undefined)
    return `${goesOn(newest.phase === 'failed')} from checkpoint ${newest.checkpoint} (${newest.phase}), ${momentOf(service, newest) === undefined ? 'which was not recorded' : 'to which the store went back: what was recorded after it is lost'}.`
  // One that could not be brought back tells of no checkpoint itself.
  if (stored?.damage === undefined)
    return stored === undefined || state?.commit !== undefined || state?.revivedFrom !== undefined
      ? undefined
      : `${goesOn(stored.phase === 'failed')} from checkpoint ${stored.checkpoint} (${stored.phase}).`
  return damagedText(stored.checkpoint)
}

/** What was recorded is newer than what is stored. */
function olderText({ stored, committed }: Service): string {
  const held =
    stored === undefined
      ? 'holds nothing of it, and it would begin anew'
      : `goes back to checkpoint ${stored.checkpoint} (${stored.phase})`
  return `The store is older than its recording, which knows of checkpoint ${committed?.checkpoint}: it ${held}.`
}

/** Of a life that has committed nothing. */
function crashText({ revivedFrom, lifecycle, failure }: ServiceState, service: Service | undefined): string {
  const found = durable.value
  if (lifecycle === 'removed') return REMOVED
  if (found.type === 'damaged') return damagedText(found.checkpoint)
  if (found.type === 'unknown' && service?.stored !== undefined)
    return 'Nobody knows: what came before was not recorded.'
  if (found.type !== 'checkpoint') return NEW
  const { checkpoint, commit } = found
  const phase = commit?.phase ?? phaseIn(service, checkpoint)
  if (phase === 'done') return DONE
  const hasFailed = phase === 'failed' || fieldOf(failure, 'code') === 'FAILED_EARLIER'
  const which = phase === undefined ? '' : ` (${phase})`
  return `${goesOn(hasFailed)} from checkpoint ${checkpoint}${revivedFrom === undefined ? which : ', as in this life'}.`
}

/** What a checkpoint says of which nothing was recorded, as far as the store tells. */
function phaseIn(service: Service | undefined, checkpoint: number): string | undefined {
  const { stored, history } = service ?? {}
  const kept = [...(stored === undefined ? [] : [stored]), ...(history?.checkpoints ?? [])]
  return kept.find((one) => one.checkpoint === checkpoint)?.phase
}

function damagedText(checkpoint: number | undefined): string {
  const named = checkpoint === undefined ? '' : `, ${checkpoint},`
  return `Its newest checkpoint${named} is damaged: it would fail, and use no other before somebody decides.`
}

/** `hasFailed`: as its checkpoint says. */
function goesOn(hasFailed: boolean): string {
  return hasFailed ? `${WAITS}: that goes on` : 'It goes on'
}

export function sizeText(characters: number): string {
  return characters < 10_000
    ? `${characters.toLocaleString('en')} characters`
    : `${Math.round(characters / 1000).toLocaleString('en')} kB`
}
