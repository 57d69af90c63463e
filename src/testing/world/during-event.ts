import type { EventObject } from 'xstate'
import { StaleEpochError } from '../../errors/store.js'
import { isOwnFailure } from '../../runtime/failures.js'
import type { CrashPoint, EventKind, EventStep } from '../plans/steps.js'
import { hold, until } from './hold.js'
import type { CommitFate } from './mortal-store.js'
import type { EffectFate } from './outside.js'
import type { World } from './world.js'

/** What the next commit meets, by kind. */
export const FATES: Readonly<Partial<Record<EventKind, CommitFate>>> = {
  storeFails: 'refusal',
  storeFull: 'full',
  storeTears: 'torn',
}

/** Interrupts while an event is on its way. */
export async function duringEvent(world: World, step: EventStep): Promise<void> {
  const { event } = step
  if (step.do === 'pauseAndSend') return hold(world, () => world.send(event))
  if (step.do === 'secondOwner') return secondOwner(world, event)
  if (step.do === 'storeSlow') return slow(world, event)
  if (step.do === 'crash') return crash(world, step.at, event)
  world.store.next(FATES[step.do] ?? 'written')
  const { commits } = world.store
  await world.send(event)
  world.store.next('written')
  // An event that is refused has no commit, and the service would live on.
  if (world.store.commits === commits) await hold(world)
}

/** An event whose commit takes long; a hold comes before it is durable. */
async function slow(world: World, event: EventObject): Promise<void> {
  world.store.next('slow')
  world.sendFrom(world.process, event, world.nextKey())
  await until(world, 'hold', world.process.pause())
  world.store.next('written')
  await until(world, 'release', world.process.resume())
}

/** Kills the process at a point of what an event brings about, or after it where that point does not come. */
async function crash(world: World, at: CrashPoint, event: EventObject): Promise<void> {
  const key = world.nextKey()
  const { process } = world
  dies(world, at)
  world.sendFrom(process, event, key)
  await world.calm()
  nothingMore(world)
  if (!process.killed) world.kill()
  await world.begin()
  await world.send(event, key)
}

/** Has the process die at the next commit or effect. */
export function dies(world: World, at: CrashPoint): void {
  if (at === 'before-commit' || at === 'after-commit') world.store.next(DEATHS[at])
  else world.outside.next(DEATHS[at])
}

/** The next commit and the next effect meet nothing. */
export function nothingMore(world: World): void {
  world.outside.next(undefined)
  world.store.next('written')
}

const DEATHS = {
  'before-commit': 'death-before',
  'after-commit': 'death-after',
  'before-effect': 'death-before',
  'during-effect': 'death-during',
  'after-effect': 'death-after',
} as const satisfies Readonly<Record<CrashPoint, CommitFate | EffectFate>>

/** What a process that had lost the store has done, where a commit of it was written. */
export const WROTE = 'a process that had lost the store wrote to it'

/** Another process takes the store. Who had it knows nothing, until a commit of theirs is refused. */
async function secondOwner(world: World, event: EventObject): Promise<void> {
  const key = world.nextKey()
  const stale = world.process
  await world.begin()
  const written = stale.life.written
  // What it emits goes to nobody who counts.
  stale.stopListening()
  world.tell('you', 'service', 'to the process that had the store:')
  const late = world.sendFrom(stale, event, key)
  await world.calm(stale)
  if (stale.life.written > written) world.broken.push(WROTE)
  const { failure } = stale
  stale.kill()
  world.tell('you', 'service', 'to the one that has it:')
  const { refusal } = await world.send(event, key)
  if (failure instanceof StaleEpochError) return
  // A machine that has failed by itself asks no store any more, and no store is asked for an event that it refuses.
  if (failure !== undefined ? isOwnFailure(failure) : late.refusal !== undefined && refusal !== undefined)
    return
  world.broken.push('a process that had lost the store went on')
}
