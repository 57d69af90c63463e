import type { JSX } from 'preact'
import type { Path } from '../../../src/inspect/stream/entry.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { progressText } from '../../../src/task/progress-text.js'
import { actorName } from '../chart/words.js'
import { chosenActor, showActor } from '../shell/shown-chart.js'
import { isSamePath } from '../store/paths.js'
import { fieldOf, valueText } from '../store/values.js'
import { Part } from './part.js'

/** `mid-2` before `mid-10`, and each right before those that it has. */
function byName(a: Path, b: Path): number {
  return a.join('\n').localeCompare(b.join('\n'), 'en', { numeric: true })
}

/** The machine with the actors that it has: of one that is chosen is shown what it keeps, and its chart where it is a machine. */
export function Actors({ state }: { state: ServiceState }): JSX.Element | null {
  const actors = [...state.actors].sort((a, b) => byName(a.actor, b.actor))
  if (actors.length < 2) return null
  const shown = chosenActor.value?.actor ?? []
  return (
    <Part title="Actors" count={actors.length}>
      <ul class="actors">
        {actors.map(({ actor, logic, chart, snapshot }) => {
          const status = fieldOf(snapshot, 'status')
          const value = valueText(fieldOf(snapshot, 'value'))
          const progress = progressText(fieldOf(snapshot, 'progress'), fieldOf(snapshot, 'input'))
          const name = actor.length === 0 ? 'the machine' : actorName(actor.at(-1) ?? '', logic)
          return (
            <li key={actor.join('\n')} class={`depth-${Math.min(actor.length, 6)}`}>
              <i class={`dot ${typeof status === 'string' ? status : ''}`} />
              <button
                type="button"
                class="name"
                title={
                  chart === undefined && actor.length > 0
                    ? `Show what ${actor.at(-1)} keeps`
                    : 'Show its chart'
                }
                aria-pressed={isSamePath(actor, shown)}
                onClick={() => showActor(actor)}
              >
                {name}
              </button>
              {logic !== '' && logic !== name && <span class="about">{logic}</span>}
              <span class="value">{value || progress || (typeof status === 'string' ? status : '')}</span>
            </li>
          )
        })}
      </ul>
    </Part>
  )
}
