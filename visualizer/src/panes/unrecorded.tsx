import { useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { timeText } from '../chart/words.js'
import { isNewestMarked, unrecorded } from '../shell/selection.js'
import { askHistory, connection, store } from '../shell/session.js'
import { momentOf } from '../store/addresses.js'
import { lostLine } from '../store/last-line.js'
import type { Owned, Service } from '../store/service.js'

/** Of what only a checkpoint tells: why, and how more would be told. */
export function Unrecorded({ service }: { readonly service: Service }): JSX.Element | null {
  useSignalEffect(() => {
    // A newer one may have come.
    service.version.value
    const isLookedAt = unrecorded.value !== undefined || isNewestMarked.value
    if (isLookedAt && connection.value.status === 'open') askHistory(service)
  })
  if (unrecorded.value === undefined || momentOf(service, unrecorded.value) !== undefined) return null
  const { kept } = store.value
  const { checkpoint, savedAtMs } = unrecorded.value
  const owner = kept.owner.value
  const { owned } = kept.standingOf(service)
  const lost = owned === 'no' ? lostLine(service, store.value) : 'no'
  const isLeftOut = owned === 'yes' && owner !== undefined && kept.isShown(owner)
  return (
    <p class="note" role="note">
      {isLeftOut ? (
        <>
          Its process, {owner.pid}, records others and not this one, which its <code>only</code> leaves out.
        </>
      ) : lost !== 'no' ? (
        LOST[lost]
      ) : (
        <>
          {WHY_UNRECORDED[owned](owner?.pid)}: <code>inspect: true</code> in the supervisor’s options makes
          it.
        </>
      )}{' '}
      This is checkpoint {checkpoint}, of {timeText(savedAtMs)}.
    </p>
  )
}

/** Its process recorded, and is gone. */
const LOST = {
  yes: 'Its process ended before it had recorded this commit: what led here are its last moments, as far as they were recorded.',
  others:
    'Its process recorded others, and ended before it had recorded anything of this one, or leaves it out.',
}

const WHY_UNRECORDED: Readonly<Record<Owned, (pid: number | undefined) => string>> = {
  yes: (pid) => `Its process, ${pid}, does not record what happens`,
  perhaps: (pid) =>
    `Process ${pid} has the store and does not record, so that nobody knows whether it has this service`,
  no: () => 'What led here was not recorded',
}
