import type { JSX } from 'preact'
import { problemOf } from '../../../src/errors/base.js'
import type { Damage } from '../../../src/inspect/stream/message.js'
import type { EffectState, ServiceState } from '../../../src/inspect/stream/state.js'
import { dueText } from '../chart/words.js'
import { Coded } from '../shell/coded.js'
import { Guarded } from '../shell/guarded.js'
import {
  areTimersGoing,
  countdownMs,
  isPartial,
  pickedIndex,
  selected,
  shownLifecycle,
  shownState,
  standstillMs,
} from '../shell/selection.js'
import { isLost, store } from '../shell/session.js'
import type { Service } from '../store/service.js'
import { typeOf } from '../store/values.js'
import { Actors } from './actors.js'
import { holderText } from './asked-text.js'
import { BesideTwin } from './beside-twin.js'
import { Checkpoints } from './checkpoints.js'
import { Compared } from './compared.js'
import { Context } from './context.js'
import { Controls, Outcomes, Release } from './controls.js'
import { Crash } from './crash.js'
import { errorTold } from './error-text.js'
import { Failure } from './failure.js'
import { Armed } from './kill.js'
import { effectName } from './line-text.js'
import { isOffered } from './offered.js'
import { overText } from './over-text.js'
import { Part } from './part.js'
import { timerName, timerText } from './timer-text.js'
import { unaskedOf } from './unasked.js'
import { Unrecorded } from './unrecorded.js'

/** How the chosen service stands at the moment that is shown. */
export function Details(): JSX.Element {
  const state = shownState.value
  const service = selected.value
  if (service === undefined) return <p class="empty">No service is chosen.</p>
  // What the store says of it is no signal.
  service.version.value
  // What it was before is another thing.
  const isNow = pickedIndex.value === undefined && !store.value.kept.isUnreadable(service)
  const damage = isNow ? service.stored?.damage : undefined
  return (
    <>
      <Controls />
      <Outcomes />
      {damage !== undefined && (
        <p class="bad damage">
          <Coded text={damageText(service, damage)} />
        </p>
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
            <Failure
              error={state.failure}
              serviceKey={service.key}
              isTold={damage?.message.includes(errorTold(state.failure)?.problem ?? damage.message) === true}
            />
          )}
          {isPartial.value && (
            <p class="note" role="note">
              What there is is still being read: so it stood some time ago, and not now.
            </p>
          )}
          <Guarded>
            <Unrecorded service={service} />
          </Guarded>
          <Guarded>
            <Armed state={state} />
          </Guarded>
          <Guarded>
            <BesideTwin />
          </Guarded>
          <Guarded>
            <Compared />
          </Guarded>
          <Guarded>
            <Context state={state} />
          </Guarded>
          <Guarded>
            <Actors state={state} />
          </Guarded>
          <Guarded>
            <Owed state={state} />
          </Guarded>
          {store.value.guestOf(service) === undefined && (
            <Guarded>
              <Crash state={state} />
            </Guarded>
          )}
        </>
      )}
      <Guarded key={service.key}>
        <Checkpoints service={service} />
      </Guarded>
    </>
  )
}

/** With the commands that help; where the button that does the same stands above, with that. */
function damageText(service: Service, damage: Damage): string {
  const { lifecycle } = store.value.list.summary(service)
  const isAbove =
    isOffered.value &&
    lifecycle === 'failed' &&
    unaskedOf(service, store.value, isLost.value).ofService === undefined
  if (damage.lastGood === undefined || !isAbove) return damage.message
  return `${problemOf(damage)} It is kept. Checkpoint ${damage.lastGood} is good: “Go on from the last good one”, above, goes on from it; see to what happened in between.`
}

/** What is still to come: timers, events that wait, effects that wait for their commit or run. */
function Owed({ state }: { state: ServiceState }): JSX.Element {
  const { timers, inbox, outbox } = state
  // As the list has it: what a platform holds ends with the process.
  const held =
    pickedIndex.value === undefined && selected.value
      ? store.value.list.summary(selected.value).holds
      : undefined
  const holds = state.holds.filter(({ hold }) => held?.includes(hold) ?? true)
  const logicOf = selected.value?.moments.logicOf ?? (() => '')
  const going = { areGoing: areTimersGoing.value, sinceMs: standstillMs.value }
  const due = (dueAtMs: number) => dueText(dueAtMs, countdownMs.value)
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
        <Part
          title={shownLifecycle.value === 'removed' ? 'Timers that it had' : 'Timers'}
          count={timers.length}
        >
          <ul class="owed">
            {timers.slice(0, 100).map((timer) => (
              <li key={`${timer.actor.join('\n')} ${timer.id}`}>
                <span class="name" title={timerName(timer, logicOf)}>
                  {timerName(timer, logicOf)}
                </span>
                <span class="about">{timer.policy}</span>
                <span class="value">
                  {overText(timer, shownLifecycle.value, countdownMs.value) ?? timerText(timer, going, due)}
                </span>
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
            {outbox.slice(0, 100).map((owed) => (
              <li key={owed.effect}>
                <span class="name">{effectName(owed, logicOf)}</span>
                <span class="about">{owed.effectKind}</span>
                <span class="value">{owedText(owed)}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  )
}

/** One that does not run and has its key is in a checkpoint already. */
function owedText({ running, effectKey }: EffectState): string {
  if (running) return 'runs'
  return effectKey === undefined ? 'waits for its commit' : 'is owed'
}
