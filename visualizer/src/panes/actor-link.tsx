import type { JSX } from 'preact'
import { pathName } from '../chart/words.js'
import { chosenPath, selected, shownState } from '../shell/selection.js'
import { showActor } from '../shell/shown-chart.js'
import { isSamePath } from '../store/paths.js'
import { placeOf, type Reference, referenceText } from '../store/references.js'

/** A reference to an actor, which is chosen by it where it is there. */
export function ActorLink({ reference }: { readonly reference: Reference }): JSX.Element {
  const actors = shownState.value?.actors ?? []
  // Of one that is not there at this moment, the machine's values are shown.
  const owner = actors.find(({ actor }) => isSamePath(actor, chosenPath.value))?.actor ?? []
  const path = placeOf(reference, owner, actors)
  const { logicOf } = selected.value?.moments ?? {}
  if (path === undefined) return <span class="leaf">{referenceText(reference)}</span>
  const name = logicOf === undefined ? reference.id : pathName(path.slice(-1), logicOf)
  return (
    <button type="button" class="leaf actor" title={`Show ${name}`} onClick={() => showActor(path)}>
      {referenceText({ id: name })}
    </button>
  )
}
