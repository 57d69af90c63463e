import type { JSX } from 'preact'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { delayText, eventName } from '../chart/words.js'
import { selected, shownMs, shownState, stateBefore, unrecorded } from '../shell/selection.js'
import { keyOfState, store } from '../shell/session.js'
import { fieldOf, typeOf } from '../store/values.js'
import { Actors } from './actors.js'
import { Checkpoints } from './checkpoints.js'
import { Compared } from './compared.js'
import { Armed, Controls, Outcomes, Release } from './controls.js'
import { BesideTwin } from './counterexample.js'
import { Crash } from './crash.js'
import { Part } from './part.js'
import { Tree } from './tree.js'

/** How the chosen service stands at the moment that is shown. */
export function Details(): JSX.Element | null {
  const state = shownState.value
  const service = selected.value
  if (service === undefined) return null
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
    return `Not recorded: it is in checkpoint ${unrecorded.value.checkpoint}, which the kept checkpoints show.`
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
            {holds.map(({ hold, by }) => (
              <li key={`${hold} ${by}`}>
                <span class="name">{hold}</span>
                <span class="value">by {by}</span>
                {by === 'program' && <Release hold={hold} />}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {timers.length > 0 && (
        <Part title="Timers" count={timers.length}>
          <ul class="owed">
            {timers.slice(0, 100).map(({ actor, id, event, dueAtMs, policy }) => (
              <li key={`${actor.join('\n')} ${id}`}>
                <span class="name" title={typeOf(event)}>
                  {eventName(typeOf(event), keyOfState)}
                </span>
                <span class="about">{policy}</span>
                <span class="value">{dueAtMs <= now ? 'due' : `in ${delayText(dueAtMs - now)}`}</span>
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

function snapshotOf({ actors }: ServiceState): unknown {
  return actors.find(({ actor }) => actor.length === 0)?.snapshot
}
