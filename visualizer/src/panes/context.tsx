import type { JSX } from 'preact'
import type { ActorState, ServiceState } from '../../../src/inspect/stream/state.js'
import { progressText } from '../../../src/task/progress-text.js'
import { pathName } from '../chart/words.js'
import { chosenPath, pickedIndex, selected, stateBefore, unrecorded } from '../shell/selection.js'
import { chosenActor } from '../shell/shown-chart.js'
import { isSamePath } from '../store/paths.js'
import { fieldOf, stepsByName } from '../store/values.js'
import { LastSeen } from './last-seen.js'
import { Part } from './part.js'
import { Tree } from './tree.js'
import { unseenText } from './unseen.js'

/** What an actor keeps, of whatever logic it is: the context of a machine, a task's progress and what its steps have come to. */
const KEPT = ['context', 'progress', 'steps', 'input', 'output', 'error'] as const

/** What the chosen actor keeps, which is the machine where nobody has chosen another. */
export function Context({ state }: { readonly state: ServiceState }): JSX.Element {
  const path = chosenActor.value?.actor ?? []
  const snapshot = snapshotOf(state, path)
  const before = stateBefore.value === undefined ? undefined : snapshotOf(stateBefore.value, path)
  const told = KEPT.map((name) => [name, keptAs(name, fieldOf(snapshot, name))] as const)
  const fields = told.filter(([, value]) => value !== undefined && value !== null)
  const logicOf = selected.value?.moments.logicOf ?? (() => '')
  const name = path.length === 0 ? '' : pathName(path, logicOf)
  const lost = chosenPath.value
  const progress = progressText(fieldOf(snapshot, 'progress'), fieldOf(snapshot, 'input'))
  return (
    <Part title={titleOf(name, snapshot)}>
      {lost.length > 0 && path.length === 0 && (
        <p class="none">{pathName(lost, logicOf)} is not there at this moment. This is the machine’s:</p>
      )}
      {progress !== '' && <p class="progress">{progress}</p>}
      {fields.length === 0 ? (
        <p class="none">
          {name === '' ? noContextText(state) : 'Nothing is kept of it.'}
          {name === '' && isUnreadable() && selected.value !== undefined && (
            <LastSeen moments={selected.value.moments} />
          )}
        </p>
      ) : (
        <ul class="tree">
          {fields.map(([field, value]) => (
            <Tree
              key={`${path.join('\n')} ${field}`}
              name={field}
              value={value}
              before={before === undefined ? undefined : keptAs(field, fieldOf(before, field))}
              isOpen
            />
          ))}
        </ul>
      )}
    </Part>
  )
}

/** The machine's own has always been called its context. */
function titleOf(name: string, snapshot: unknown): string {
  if (name === '') return 'Context'
  if (fieldOf(snapshot, 'context') !== undefined) return `Context of ${name}`
  return `${Array.isArray(fieldOf(snapshot, 'steps')) ? 'Task' : 'Actor'} ${name}`
}

/** Steps by their names; none are nothing that is kept. */
function keptAs(name: string, value: unknown): unknown {
  if (name !== 'steps' || !Array.isArray(value)) return value
  return value.length === 0 ? undefined : stepsByName(value)
}

function noContextText({ asleep, actors }: ServiceState): string {
  if (unrecorded.value !== undefined)
    return unrecorded.value.state === undefined ? unseenText(unrecorded.value.checkpoint) : 'None.'
  if (isUnreadable()) return 'It cannot be read: its newest checkpoint is damaged.'
  if (asleep === true) return 'Asleep: it is in the store.'
  return actors.some(({ actor }) => actor.length === 0) ? 'None.' : 'Its machine is not there at this moment.'
}

/** Whether what is shown is how it stands in a checkpoint that is damaged. */
function isUnreadable(): boolean {
  // What the store holds may change while nothing else does.
  selected.value?.version.value
  return (
    unrecorded.value === undefined &&
    pickedIndex.value === undefined &&
    selected.value?.stored?.damage !== undefined
  )
}

function snapshotOf({ actors }: ServiceState, path: ActorState['actor']): unknown {
  return actors.find(({ actor }) => isSamePath(actor, path))?.snapshot
}
