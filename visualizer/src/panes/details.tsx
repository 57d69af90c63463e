import { useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import type { ServiceState, TimerState } from '../../../src/inspect/stream/state.js'
import { delayText, dueAtText, dueText, eventName, holderText, timeText } from '../chart/words.js'
import {
  areTimersGoing,
  pickedIndex,
  selected,
  shownMs,
  shownState,
  standstillMs,
  stateBefore,
  unrecorded,
} from '../shell/selection.js'
import { askHistory, connection, isLost, keyOfState, store } from '../shell/session.js'
import type { Owned, Service } from '../store/service.js'
import { fieldOf, typeOf } from '../store/values.js'
import { Actors } from './actors.js'
import { Checkpoints } from './checkpoints.js'
import { Compared } from './compared.js'
import { Controls, Outcomes, Release } from './controls.js'
import { BesideTwin } from './counterexample.js'
import { Crash } from './crash.js'
import { Armed } from './kill.js'
import { Part } from './part.js'
import { Tree } from './tree.js'
import { unseenText } from './unseen.js'

/** How the chosen service stands at the moment that is shown. */
export function Details(): JSX.Element {
  const state = shownState.value
  const service = selected.value
  if (service === undefined) return <p class="empty">No service is chosen.</p>
  // What the store says of it is no signal.
  service.version.value
  return (
    <>
      <Controls />
      <Outcomes />
      {service.stored?.damage !== undefined && !store.value.kept.isUnreadable(service) && (
        <p class="bad">{service.stored.damage.message}</p>
      )}
      {state === undefined ? (
        <p class="empty">
          Nothing was recorded of this service.
          {store.value.kept.isUnreadable(service)
            ? ' What the store holds of it cannot be read.'
            : service.stored !== undefined &&
              ` Its checkpoint ${service.stored.checkpoint} says ${service.stored.phase}.`}
        </p>
      ) : (
        <>
          {state.failure !== undefined && (
            <Part title="Failure">
              <ul class="tree bad">
                <Tree name="error" value={state.failure} before={undefined} isOpen />
              </ul>
            </Part>
          )}
          <Unrecorded service={service} />
          <Armed state={state} />
          <BesideTwin />
          <Compared />
          <Context state={state} />
          <Actors state={state} />
          <Owed state={state} />
          {store.value.guestOf(service) === undefined && <Crash state={state} />}
        </>
      )}
      <Checkpoints key={service.key} service={service} />
    </>
  )
}

/** Of what only a checkpoint tells: why, and how more would be told. */
function Unrecorded({ service }: { readonly service: Service }): JSX.Element | null {
  useSignalEffect(() => {
    // A newer one may have come.
    service.version.value
    if (unrecorded.value !== undefined && connection.value.status === 'open') askHistory(service)
  })
  if (unrecorded.value === undefined) return null
  const { kept } = store.value
  const { checkpoint, savedAtMs } = unrecorded.value
  const owner = kept.owner.value
  const { owned } = kept.standingOf(service)
  const isLeftOut = owned === 'yes' && owner !== undefined && kept.isShown(owner)
  return (
    <p class="note" role="note">
      {isLeftOut ? (
        `Its process, ${owner.pid}, records others and not this one, which its \`only\` leaves out.`
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

const WHY_UNRECORDED: Readonly<Record<Owned, (pid: number | undefined) => string>> = {
  yes: (pid) => `Its process, ${pid}, does not record what happens`,
  perhaps: (pid) =>
    `Process ${pid} has the store and does not record, so that nobody knows whether it has this service`,
  no: () => 'What led here was not recorded',
}

function Context({ state }: { state: ServiceState }): JSX.Element {
  const snapshot = snapshotOf(state)
  const before = stateBefore.value === undefined ? undefined : snapshotOf(stateBefore.value)
  const context = fieldOf(snapshot, 'context')
  const output = fieldOf(snapshot, 'output')
  return (
    <Part title="Context">
      {context === undefined ? (
        <p class="none">{noContextText(state)}</p>
      ) : (
        <ul class="tree">
          <Tree name="context" value={context} before={fieldOf(before, 'context')} isOpen />
          {output !== undefined && (
            <Tree name="output" value={output} before={fieldOf(before, 'output')} isOpen />
          )}
        </ul>
      )}
    </Part>
  )
}

function noContextText({ asleep }: ServiceState): string {
  if (unrecorded.value !== undefined)
    return unrecorded.value.state === undefined ? unseenText(unrecorded.value.checkpoint) : 'None.'
  return asleep === true ? 'Asleep: it is in the store.' : 'None.'
}

/** What is still to come: timers, events that wait, effects that wait for their commit or run. */
function Owed({ state }: { state: ServiceState }): JSX.Element {
  const { timers, inbox, outbox, holds } = state
  const now = shownMs.value
  return (
    <>
      {holds.length > 0 && (
        <Part title="Holds" count={holds.length}>
          <ul class="owed">
            {holds.map((held) => (
              <li key={`${held.hold} ${held.by}`}>
                <span class="name">{held.hold}</span>
                <span class="value">{holderText(held)}</span>
                {held.by === 'program' && <Release hold={held.hold} />}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {timers.length > 0 && (
        <Part title="Timers" count={timers.length}>
          <ul class="owed">
            {timers.slice(0, 100).map((timer) => (
              <li key={`${timer.actor.join('\n')} ${timer.id}`}>
                <span class="name" title={typeOf(timer.event)}>
                  {eventName(typeOf(timer.event), keyOfState)}
                </span>
                <span class="about">{timer.policy}</span>
                <span class="value">{timerText(timer, now)}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {inbox.length > 0 && (
        <Part title="Inbox" count={inbox.length}>
          <ul class="owed">
            {inbox.slice(0, 100).map(({ event, eventKey }, index) => (
              <li key={eventKey ?? index}>
                <span class="name">{typeOf(event)}</span>
                <span class="value">{eventKey}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {outbox.length > 0 && (
        <Part title="Outbox" count={outbox.length}>
          <ul class="owed">
            {outbox.slice(0, 100).map(({ effect, effectKind, name, running }) => (
              <li key={effect}>
                <span class="name">{name}</span>
                <span class="about">{effectKind}</span>
                <span class="value">{running ? 'runs' : 'waits for its commit'}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  )
}

/** When a timer is due; of one that stands still while its service rests, how long it takes once that goes on. */
function timerText({ policy, dueAtMs, delayMs, remainingMs }: TimerState, nowMs: number): string {
  if (areTimersGoing.value || policy === 'deadline')
    return isLost.value && pickedIndex.value === undefined ? dueAtText(dueAtMs) : dueText(dueAtMs, nowMs)
  const sinceMs = standstillMs.value
  const recordedMs = sinceMs === undefined ? undefined : Math.min(delayMs, Math.max(0, dueAtMs - sinceMs))
  const leftMs = policy === 'restart' ? delayMs : (remainingMs ?? recordedMs)
  return leftMs === undefined ? 'stands still until it goes on' : `${delayText(leftMs)} after it goes on`
}

function snapshotOf({ actors }: ServiceState): unknown {
  return actors.find(({ actor }) => actor.length === 0)?.snapshot
}
