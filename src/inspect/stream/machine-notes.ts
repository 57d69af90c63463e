import type { AnyActorRef, AnyMachineSnapshot, InspectionEvent } from 'xstate'
import { isMachine } from '../../service/walk.js'
import { takenIn } from '../../xstate/candidates.js'
import { internalActor, isMachineSnapshot, snapshotOf } from '../../xstate/internals.js'
import type { Hide } from '../redact.js'
import { shown } from '../shown.js'
import type { Charts } from './charts.js'
import type { Happening, Microstep } from './entry.js'
import type { XStateNote } from './notes.js'
import { microstepOf } from './steps.js'
import type { Track, TrackedActor } from './track.js'
import { STREAM_LIMITS, snapshotChanges, snapshotShown } from './view.js'

type Of<Type extends InspectionEvent['type']> = Extract<InspectionEvent, { type: Type }>

/** The microsteps of a macrostep that is under way. */
interface UnderWay {
  last: AnyMachineSnapshot | undefined
  readonly microsteps: Microstep[]
}

/** Tells what happened in the actors of a service's machine. */
export class MachineNotes {
  readonly #underWay = new Map<AnyActorRef, UnderWay>()

  constructor(
    private readonly hide: Hide,
    private readonly charts: Charts,
    private readonly tell: (track: Track, atMs: number, happening: Happening) => void,
  ) {}

  write(track: Track, { event, snapshot, atMs }: XStateNote): void {
    if (event.type === '@xstate.event') this.#event(track, atMs, event)
    else if (event.type === '@xstate.microstep') this.#microstep(track, event)
    else if (event.type === '@xstate.snapshot') {
      this.#step(track, atMs, event.actorRef as AnyActorRef, event.event.type, event.snapshot)
    } else if (event.type === '@xstate.actor') {
      this.#actor(track, atMs, event.actorRef as AnyActorRef, snapshot)
    }
  }

  #actor(track: Track, atMs: number, actor: AnyActorRef, snapshot: object | undefined): void {
    // One that has stopped before it began only stands for an actor of an earlier life.
    if (snapshot === undefined || ('status' in snapshot && snapshot.status === 'stopped')) return
    const { path, name } = track.placeOf(actor)
    const former = [...track.actors].find(([, known]) => known.name === name)
    if (former !== undefined) this.#end(track, atMs, former[1])
    const { logic, src } = internalActor(actor)
    const chart = isMachine(logic) ? this.charts.hashOf(logic) : undefined
    const facts = { logic: path.length === 0 ? '' : String(src), ...(chart === undefined ? {} : { chart }) }
    this.tell(track, atMs, {
      kind: 'actor',
      actor: path,
      ...facts,
      snapshot: snapshotShown(snapshot, this.hide),
    })
    track.actors.set(actor, { path, name, logic: facts.logic, chart, snapshot })
  }

  #event(track: Track, atMs: number, { actorRef, sourceRef, event }: Of<'@xstate.event'>): void {
    if (sourceRef !== undefined && event.type.startsWith('xstate.error.actor.')) {
      // An actor that fails makes no snapshot event: its parent hears of it.
      const snapshot = snapshotOf(sourceRef as AnyActorRef)
      if (snapshot !== undefined) this.#step(track, atMs, sourceRef as AnyActorRef, event.type, snapshot)
    }
    const to = track.placeOf(actorRef).path
    const from = sourceRef === undefined ? {} : { from: track.placeOf(sourceRef).path }
    const told = shown(event, 'event', this.hide, STREAM_LIMITS)
    this.tell(track, atMs, { kind: 'event', to, ...from, event: told })
  }

  #microstep(track: Track, event: Of<'@xstate.microstep'>): void {
    const actor = event.actorRef as AnyActorRef
    const before = this.#underWay.get(actor)
    const underWay = before ?? { last: machineSnapshot(track.actors.get(actor)?.snapshot), microsteps: [] }
    const microstep = microstepOf(underWay.last, event.event.type, takenIn(event))
    if (microstep !== undefined) underWay.microsteps.push(microstep)
    underWay.last = machineSnapshot(event.snapshot)
    if (before === undefined) this.#underWay.set(actor, underWay)
  }

  #step(track: Track, atMs: number, actor: AnyActorRef, event: string, snapshot: object): void {
    const known = track.actors.get(actor)
    const underWay = this.#underWay.get(actor)
    this.#underWay.delete(actor)
    if (known === undefined) {
      this.#actor(track, atMs, actor, snapshot)
      return
    }
    const before = known.snapshot
    const microsteps = underWay?.microsteps ?? this.#refused(before, event)
    if (before === snapshot && microsteps.length === 0) return
    const changes = snapshotChanges(before, snapshot, this.hide)
    const told = microsteps.length === 0 ? {} : { microsteps }
    this.tell(track, atMs, { kind: 'step', actor: known.path, event, ...told, changes })
    known.snapshot = snapshot
    this.#endChildren(track, atMs, before, snapshot)
  }

  /** Guards that kept an event from every transition; XState makes no microstep of that. */
  #refused(before: object, event: string): readonly Microstep[] {
    const microstep = microstepOf(machineSnapshot(before), event, [])
    return microstep === undefined ? [] : [microstep]
  }

  #endChildren(track: Track, atMs: number, before: object, after: object): void {
    const was = machineSnapshot(before)?.children
    const is = machineSnapshot(after)?.children
    if (was === undefined || is === undefined || was === is) return
    for (const [id, child] of Object.entries(was)) {
      // XState types the children of a machine that is not known as anything.
      const known = child === is[id] ? undefined : track.actors.get(child as AnyActorRef)
      if (known !== undefined) this.#end(track, atMs, known)
    }
  }

  /** It is gone, and with it what stood under it. */
  #end(track: Track, atMs: number, { path }: TrackedActor): void {
    for (const [actor, known] of [...track.actors].reverse()) {
      if (!path.every((id, index) => known.path[index] === id)) continue
      this.tell(track, atMs, { kind: 'ended', actor: known.path })
      track.actors.delete(actor)
      this.#underWay.delete(actor)
    }
  }
}

function machineSnapshot(snapshot: object | undefined): AnyMachineSnapshot | undefined {
  // The one kind of snapshot that has these fields; the room that knows XState's internals types them in its own way.
  return snapshot !== undefined && isMachineSnapshot(snapshot as never)
    ? (snapshot as unknown as AnyMachineSnapshot)
    : undefined
}
