import type { JSX } from 'preact'
import { pathName } from '../chart/words.js'
import { selected, shownMs, shownState, shownStep, twinState } from '../shell/selection.js'
import { besideTwin } from '../store/differences.js'
import { DifferenceList } from './compared.js'
import { exactlyText, timerName } from './timer-text.js'

/** What is not the same in the twin after the step to which the shown moment belongs. */
export function BesideTwin(): JSX.Element | null {
  const [state, twin] = [shownState.value, twinState.value]
  if (shownStep.value === undefined || state === undefined || twin === undefined) return null
  const logicOf = selected.value?.moments.logicOf ?? (() => '')
  const differences = besideTwin(twin, state, {
    actorName: (actor) => pathName(actor, logicOf),
    timerName: (of) => timerName(of, logicOf),
    effectName: ({ name }) => name,
    timer: ({ policy, dueAtMs }) => `${policy}, ${exactlyText(dueAtMs, shownMs.value)}`,
  })
  return (
    <section class="part compared" aria-label="Beside its twin">
      <h3>
        The twin → interrupted <b>{differences.length.toLocaleString('en')}</b>
      </h3>
      <DifferenceList differences={differences} />
    </section>
  )
}
