import type { AnyActorRef } from 'xstate'
import type { Inspected, Subject } from '../../ports/inspector.js'
import { internalActor } from '../../xstate/internals.js'
import { pathOf } from '../../xstate/paths.js'

/** Where an actor stands: the same in every life of its service and in every process. */
export interface Place {
  readonly sessionId: string
  /** The service's lifecycle, under which its machine stands, and the machine's actors under that. */
  readonly rootId: string
  readonly parentId: string | undefined
  /** What a person reads. */
  readonly name: string
  /** Whether it lives as long as its service: a lifecycle, or the author's machine itself. */
  readonly lasting: boolean
}

/**
 * The place of an actor, made of names instead of XState's `x:7`, which begin anew in every process and go on in every life.
 *
 * @param label what stands before the service's names, where several processes share a receiver
 */
export function placeOf(actor: AnyActorRef, of: Inspected, label: string | undefined): Place {
  const names = label === undefined ? [of.definition, of.key] : [label, of.definition, of.key]
  const service = names.map(escaped).join('/')
  const title = label === undefined ? of.key : `${label}: ${of.key}`
  const rootId = `${service} (lifecycle)`
  if (of.part === 'lifecycle') {
    return { sessionId: rootId, rootId, parentId: undefined, name: `${title} (lifecycle)`, lasting: true }
  }
  const path = pathOf(internalActor(actor))
  const idOf = (steps: readonly string[]) => [service, ...steps.map(escaped)].join('/')
  const last = path.at(-1)
  return {
    sessionId: idOf(path),
    rootId,
    parentId: last === undefined ? rootId : idOf(path.slice(0, -1)),
    name: last ?? title,
    lasting: last === undefined,
  }
}

/** The service whose machine stands at this place; undefined for its lifecycle, and for what stands under the machine. */
export function subjectAt(sessionId: string, label: string | undefined): Subject | undefined {
  const names = sessionId.split('/')
  const own = label === undefined ? names : names.slice(1)
  const [definition, key] = own.map(unescaped)
  const isOfLabel = label === undefined || names[0] === escaped(label)
  // A space stands in what is no name alone.
  if (!isOfLabel || own.length !== 2 || sessionId.includes(' ')) return undefined
  return definition === undefined || key === undefined ? undefined : { definition, key }
}

function unescaped(name: string): string {
  return name.replaceAll('%20', ' ').replaceAll('%2F', '/').replaceAll('%25', '%')
}

/** Without what joins names and what sets the lifecycle apart, so that no two places are written the same. */
function escaped(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2F').replaceAll(' ', '%20')
}
