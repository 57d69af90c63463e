import type { JSX } from 'preact'
import { shownStep, showStep } from '../shell/selection.js'
import { store } from '../shell/session.js'

/** The steps of a counterexample: what happened to the service that was interrupted, and what its twin did. `chose` is told when one is clicked. */
export function CounterexampleSteps({ chose }: { readonly chose: () => void }): JSX.Element | null {
  const found = store.value.counterexample.value
  if (found === undefined) return null
  const current = shownStep.value?.index ?? -1
  function pressed(event: KeyboardEvent): void {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (way === undefined) return
    event.preventDefault()
    const next = Math.max(0, Math.min(found?.steps.length ?? 0, current + way))
    showStep(next)
    const list = event.currentTarget as HTMLElement
    list.querySelectorAll('button')[next]?.focus()
  }
  return (
    <section class="counterexample" aria-label="Counterexample">
      <h2>An interruption changed what {found.service} does</h2>
      <ol onKeyDown={pressed}>
        {found.steps.map(({ told, twinTold, interrupts }, index) => (
          <li key={`${index} ${told}`}>
            <button
              type="button"
              class={interrupts ? 'interrupts' : ''}
              aria-current={index === current ? 'step' : undefined}
              onClick={() => {
                showStep(index)
                chose()
              }}
            >
              <span class="told">
                {index > 0 && <span class="number">{index}. </span>}
                {told}
              </span>
              {index > 0 && twinTold !== told && <span class="twin">twin: {twinTold ?? 'nothing'}</span>}
            </button>
          </li>
        ))}
      </ol>
      <p class={found.difference === undefined ? 'none' : 'bad'}>
        {found.difference === undefined ? 'Nothing differs any more.' : `After that, ${found.difference}.`}
      </p>
    </section>
  )
}
