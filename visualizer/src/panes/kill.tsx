import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { matchedStates } from '../chart/folding.js'
import { whileWaiting } from '../shell/control.js'
import { isPartial, pickedIndex, selected } from '../shell/selection.js'
import { request, store } from '../shell/session.js'
import { machineChart } from '../shell/shown-chart.js'
import { askedText } from './asked-text.js'
import { CAME, fateOf, WITHOUT } from './kill-fate.js'
import { isOffered } from './offered.js'
import { Part } from './part.js'

/** The kill that the process awaits at the moment that is shown, whoever has asked for it; of now, it can be taken back, or what has become of it is said. */
export function Armed({ state }: { readonly state: ServiceState }): JSX.Element | null {
  const service = selected.value
  const told = pickedIndex.value === undefined && service && store.value.kept.armedOf(service)
  const armed = told || state.armed
  if (armed === undefined || service === undefined || isPartial.value) return null
  // What was recorded is of a process that is gone, whoever has the store since.
  const isOver = pickedIndex.value === undefined && told === undefined
  const fate =
    pickedIndex.value === undefined ? (fateOf(service.key) ?? (isOver ? CAME : undefined)) : undefined
  if (fate === WITHOUT) return null
  return (
    <Part title={fate === undefined ? 'Kill to come' : 'Kill that was to come'}>
      <div class="armed" role="status">
        <p>
          The process {fate === undefined ? 'is' : 'was to be'} killed when the machine enters{' '}
          <strong>{armed.state}</strong>, asked for {askedText(armed.by)}.
          {fate !== undefined && ` ${sentence(fate)}.`}
        </p>
        {isOffered.value && fate === undefined && <TakeBack serviceKey={service.key} />}
      </div>
    </Part>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function TakeBack({ serviceKey }: { readonly serviceKey: string }): JSX.Element {
  const command = { type: 'interruptAt', key: serviceKey } as const
  return (
    <button
      type="button"
      title="The process is killed at no state, whoever has asked for it"
      {...whileWaiting(command)}
      onClick={() => request(command, 'Take the kill back')}
    >
      Take it back
    </button>
  )
}

/** Whether a kill at a state is to come already, as far as anything has come of it: who asks twice means it once. */
function isArmedAt(key: string, state: string): boolean {
  const service = store.value.services.get(key)
  return service !== undefined && store.value.kept.armedOf(service)?.state === state
}

/** Kills the process when the machine is next in a state, where its states are known. */
export function CrashAt({
  serviceKey,
  armed,
}: {
  readonly serviceKey: string
  /** The state at which it is to be killed until now. */
  readonly armed: string | undefined
}): JSX.Element | null {
  const chart = machineChart.value
  const state = useSignal('')
  if (chart === undefined) return null
  const command = { type: 'interruptAt', key: serviceKey, state: state.value } as const
  const isArmed = state.value !== '' && state.value === armed
  const isOther = armed !== undefined && state.value !== '' && state.value !== armed
  return (
    <form
      class="buttons"
      onSubmit={(event) => {
        event.preventDefault()
        if (state.value !== '' && !isArmedAt(serviceKey, state.value))
          request(command, `Kill the process at ${state.value}`)
      }}
    >
      <select
        aria-label="State at which the process is to be killed"
        value={state}
        onChange={({ currentTarget }) => (state.value = currentTarget.value)}
      >
        <option value="">interrupt at …</option>
        {matchedStates(chart).map((path) => (
          <option key={path} value={path}>
            {path}
          </option>
        ))}
      </select>
      <button
        type="submit"
        {...whileWaiting(command)}
        {...(isArmed && { 'aria-disabled': true, title: 'It is to be killed there already' })}
        disabled={state.value === ''}
      >
        {isOther ? `Kill it there, not at ${armed}` : 'Kill it there'}
      </button>
    </form>
  )
}
