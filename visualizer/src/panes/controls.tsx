import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ControlCommand } from '../../../src/inspect/stream/message.js'
import { tickMs } from '../shell/clock.js'
import { Coded } from '../shell/coded.js'
import { isWaiting, keyOf, type Outcome, outcomes, whileWaiting } from '../shell/control.js'
import { selected, shownState } from '../shell/selection.js'
import { isLost, request, store } from '../shell/session.js'
import { typeOf } from '../store/values.js'
import { hasFailedWith } from './failed-with.js'
import { CrashAt } from './kill.js'
import { killFate } from './kill-fate.js'
import { isOffered } from './offered.js'
import { isPast, resultText } from './outcome-text.js'
import { SendEvent } from './send-event.js'
import { unaskedOf } from './unasked.js'

/** Id of the sentence that says why nothing can be asked for. */
const WHY = 'why-unasked'
/** Likewise, why a service that has failed takes no more than a retry. */
const WHY_FAILED = 'why-failed'

const FAILED = 'It has failed: there is nothing to pause or to capture until it is retried.'

/** What can be asked of the chosen service and its process, where the server was started for that. */
export function Controls(): JSX.Element | null {
  const service = selected.value
  if (!isOffered.value || service === undefined) return null
  service.version.value
  const { lifecycle } = store.value.list.summary(service)
  const { key } = service
  const state = shownState.value
  const guest = store.value.guestOf(service)
  if (guest !== undefined) {
    // The owner of the store is another process than its own, and one of the two protocols alone takes events.
    if (isLost.value || guest !== '@xstate/inspect' || lifecycle !== 'running') return null
    return (
      <section class="part controls" aria-label="Controls">
        <h3>Controls</h3>
        <SendEvent key={key} serviceKey={key} />
      </section>
    )
  }
  // Of one that is not recorded, its checkpoint tells.
  const isHeld = state?.holds.some(({ hold, by }) => hold === 'user' && by === 'program') ?? false
  const { ofProcess, ofService } = unaskedOf(service, store.value, isLost.value)
  const hasFailed = lifecycle === 'failed'
  const button = (label: string, command: ControlCommand, waits = false) => (
    <button
      type="button"
      disabled={waits}
      title={waits ? FAILED : undefined}
      aria-describedby={(ofService && WHY) ?? (waits ? WHY_FAILED : undefined)}
      {...whileWaiting(command)}
      onClick={() => request(command, label)}
    >
      {label}
    </button>
  )
  return (
    <section class="part controls" aria-label="Controls">
      <h3>Controls</h3>
      {ofService !== undefined && (
        <p id={WHY} class="none">
          {ofService}
        </p>
      )}
      <fieldset disabled={ofService !== undefined} aria-describedby={ofService && WHY}>
        <div class="buttons">
          {isHeld
            ? button('Resume', { type: 'resume', key, hold: 'user' })
            : button('Pause', { type: 'pause', key, hold: 'user' }, hasFailed)}
          {button('Checkpoint', { type: 'checkpoint', key }, hasFailed)}
          {hasFailed && button('Retry', { type: 'retry', key })}
          {hasFailed && (
            <Certain
              label="Go on from the last good one"
              certain="Set the newest checkpoint aside"
              command={{ type: 'retry', key, lastGood: true }}
              title="Retry from the checkpoint before the newest one, which is set aside and kept"
              why={ofService && WHY}
            />
          )}
        </div>
        {hasFailed && ofService === undefined && (
          <p id={WHY_FAILED} class="none">
            {FAILED}
          </p>
        )}
        <SendEvent key={key} serviceKey={key} />
        <CrashAt key={key} serviceKey={key} armed={store.value.kept.armedOf(service)?.state} />
      </fieldset>
      <fieldset disabled={ofProcess !== undefined} aria-describedby={ofProcess && WHY}>
        <div class="buttons">
          <Certain
            label="Close the supervisor"
            certain="Bring every service to rest and close"
            command={{ type: 'stop' }}
            why={ofProcess && WHY}
          />
          <Certain
            label="Crash the process"
            certain="Kill it here and now"
            command={{ type: 'crash' }}
            why={ofProcess && WHY}
          />
        </div>
      </fieldset>
    </section>
  )
}

/** What came of what was asked for, also when the process that was asked is gone; until the service goes on to something else. */
export function Outcomes(): JSX.Element | null {
  const { services } = store.value
  const shown = outcomes.value.filter((outcome) => {
    const service = services.get(keyOf(outcome.of) ?? selected.value?.key ?? '')
    service?.version.value
    return isFailure(outcome) || !isPast(outcome, service?.changedAtMs ?? 0, tickMs.value)
  })
  if (shown.length === 0) return null
  return (
    <section class="part controls" aria-label="Outcomes">
      {shown.map((outcome) => (
        <p
          key={outcome.id}
          class={`outcome ${isFailure(outcome) ? 'refused' : outcome.status}`}
          role="status"
        >
          {outcome.what}
          {ofOther(outcome)}: <Coded text={told(outcome)} />
        </p>
      ))}
    </section>
  )
}

/** Whether an event has come to its machine, and the service has failed with it. */
function isFailure({ status, of, askedAtMs }: Outcome): boolean {
  if (status !== 'done' || of.type !== 'send') return false
  const service = store.value.services.get(of.key)
  return service !== undefined && hasFailedWith(service, typeOf(of.event), askedAtMs)
}

/** Whose it is, where that is not the service that is looked at. */
function ofOther({ of }: Outcome): string {
  const key = keyOf(of)
  return key === undefined || key === selected.value?.key ? '' : ` (${key})`
}

/** Lets go of what the program holds a service by. What a host holds it by is the host's alone. */
export function Release({ hold }: { readonly hold: string }): JSX.Element | null {
  const service = selected.value
  if (!isOffered.value || service === undefined) return null
  const command = { type: 'resume', key: service.key, hold } as const
  const { ofService } = unaskedOf(service, store.value, isLost.value)
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Let go of ${hold}`}
      aria-describedby={ofService && WHY}
      title={ofService}
      {...whileWaiting(command)}
      disabled={ofService !== undefined}
      onClick={() => request(command, `Let go of ${hold}`)}
    >
      ×
    </button>
  )
}

/** What cannot be taken back is asked for twice. */
function Certain({
  label,
  certain,
  command,
  title,
  why,
}: {
  readonly label: string
  readonly certain: string
  readonly command: ControlCommand
  readonly title?: string
  /** Id of what says why nobody can be asked for it. */
  readonly why: string | undefined
}): JSX.Element {
  const isAsked = useSignal(false)
  const own = useRef<HTMLButtonElement>(null)
  // Who turns to anything else has not meant it, and where nobody can be asked the button does not hear that.
  useEffect(() => {
    const disarm = () => (isAsked.value = false)
    if (why !== undefined) disarm()
    const elsewhere = ({ target }: Event) => target !== own.current && disarm()
    const escaped = ({ key }: KeyboardEvent) => key === 'Escape' && disarm()
    const ears = new AbortController()
    for (const type of ['click', 'focusin', 'input'])
      addEventListener(type, elsewhere, { capture: true, signal: ears.signal })
    addEventListener('keydown', escaped, { capture: true, signal: ears.signal })
    return () => ears.abort()
  }, [why])
  return (
    <button
      ref={own}
      type="button"
      class={isAsked.value ? 'danger' : ''}
      title={title}
      aria-describedby={why}
      {...whileWaiting(command)}
      onBlur={() => (isAsked.value = false)}
      onClick={() => {
        if (isAsked.value) request(command, label)
        isAsked.value = !isAsked.value && !isWaiting(command)
      }}
    >
      {isAsked.value ? `${certain}?` : label}
    </button>
  )
}

function told(of: Outcome): string {
  if (of.status === 'refused') return of.why
  const fate = killFate(of)
  if (fate !== undefined) return fate
  if (isFailure(of)) return 'applied, and the service has failed with it'
  return of.status === 'done' ? (resultText(of.result) ?? 'done') : of.status
}
