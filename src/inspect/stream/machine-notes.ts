import type { AnyActorRef, AnyMachineSnapshot, InspectionEvent } from 'xstate'
import { isMachine } from '../../service/walk.js'
import { takenIn } from '../../xstate/candidates.js'
import { internalActor, isMachineSnapshot, snapshotOf } from '../../xstate/internals.js'
import type { Hide } from '../redact.js'
import type { Charts } from './charts.js'
import { eventText } from './event-text.js'
import { jsonText } from './json-text.js'
import type { Tell } from './recorder.js'
import { microstepText } from './steps.js'
import type { Track, TrackedActor } from './track.js'
import { changesText, snapshotShown } from './view.js'

type Of<Type extends InspectionEvent['type']> = Extract<InspectionEvent, { type: Type }>

/** Tells what happened in the actors of a service's machine. */
export class MachineNotes {
  constructor(
    private readonly hide: Hide,
    private readonly charts: Charts,
    private readonly tell: Tell,
  ) {}

  write(track: Track, event: InspectionEvent): void {
    if (event.type === '@xstate.event') this.#event(track, event)
    else if (event.type === '@xstate.microstep') this.#microstep(track, event)
    else if (event.type === '@xstate.snapshot') {
      this.#step(track, event.actorRef as AnyActorRef, event.event.type, event.snapshot)
    }
  }

  /** An actor is there, and has its first snapshot. */
  introduce(track: Track, actor: AnyActorRef, snapshot: object): void {
    // One that has stopped before it began only stands for an actor of an earlier life.
    if ('status' in snapshot && snapshot.status === 'stopped') return
    const { path, name } = track.placeOf(actor)
    const former = [...track.actors.values()].find((known) => known.name === name)
    if (former !== undefined) this.#end(track, former)
    const { logic: ownLogic, src } = internalActor(actor)
    const chart = isMachine(ownLogic) ? this.charts.hashOf(ownLogic) : undefined
    const logic = path.length === 0 ? '' : String(src)
    const facts = { actor: path, logic, ...(chart === undefined ? {} : { chart }) }
    this.tell(track, { kind: 'actor', ...facts, snapshot: snapshotShown(snapshot, this.hide) })
    if (chart !== undefined) track.charts.set(logic, chart)
    track.actors.set(actor, { path, name, logic, chart, snapshot, last: undefined, microsteps: '' })
  }

  #event(track: Track, { actorRef, sourceRef, event }: Of<'@xstate.event'>): void {
    let from = ''
    if (sourceRef !== undefined) {
      if (event.type.startsWith('xstate.error.actor.')) {
        // An actor that fails makes no snapshot event: its parent hears of it.
        const snapshot = snapshotOf(sourceRef as AnyActorRef)
        if (snapshot !== undefined) this.#step(track, sourceRef as AnyActorRef, event.type, snapshot)
      }
      from = `"from":${track.placeOf(sourceRef).name},`
    }
    const to = track.placeOf(actorRef).name
    this.tell(track, `"kind":"event","to":${to},${from}"event":${eventText(event, this.hide)}`)
  }

  #microstep(track: Track, event: Of<'@xstate.microstep'>): void {
    const known = track.actors.get(event.actorRef as AnyActorRef)
    if (known === undefined) return
    const before = known.last ?? known.snapshot
    const text = microstepText(machineSnapshot(before), event.event.type, takenIn(event))
    if (text !== '') known.microsteps += known.microsteps === '' ? text : `,${text}`
    known.last = event.snapshot
  }

  #step(track: Track, actor: AnyActorRef, event: string, snapshot: object): void {
    const known = track.actors.get(actor)
    if (known === undefined) {
      // One that has ended was let go by its parent before it tells so itself.
      if (!('status' in snapshot) || snapshot.status === 'active') this.introduce(track, actor, snapshot)
      return
    }
    const before = known.snapshot
    // Where guards kept the event from every transition, XState has made no microstep.
    const microsteps =
      known.last === undefined ? microstepText(machineSnapshot(before), event, []) : known.microsteps
    known.last = undefined
    known.microsteps = ''
    if (before === snapshot && microsteps === '') return
    const steps = microsteps === '' ? '' : `"microsteps":[${microsteps}],`
    const changes = before === snapshot ? '[]' : changesText(before, snapshot, this.hide)
    const what = `"actor":${known.name},"event":${jsonText(event)}`
    this.tell(track, `"kind":"step",${what},${steps}"changes":${changes}`)
    known.snapshot = snapshot
    this.#endChildren(track, before, snapshot)
  }

  #endChildren(track: Track, before: object, after: object): void {
    const was = machineSnapshot(before)?.children
    const is = machineSnapshot(after)?.children
    if (was === undefined || is === undefined || was === is) return
    for (const id in was) {
      // XState types the children of a machine that is not known as anything.
      const known = was[id] === is[id] ? undefined : track.actors.get(was[id] as AnyActorRef)
      if (known !== undefined) this.#end(track, known)
    }
  }

  /** It is gone, and with it what stood under it. */
  #end(track: Track, { path }: TrackedActor): void {
    for (const [actor, known] of [...track.actors].reverse()) {
      if (!path.every((id, index) => known.path[index] === id)) continue
      this.tell(track, { kind: 'ended', actor: known.path })
      track.actors.delete(actor)
    }
  }
}

function machineSnapshot(snapshot: object): AnyMachineSnapshot | undefined {
  // The one kind of snapshot that has these fields; the room that knows XState's internals types them in its own way.
  return isMachineSnapshot(snapshot as never) ? (snapshot as unknown as AnyMachineSnapshot) : undefined
}
