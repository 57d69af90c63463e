import { StaleEpochError } from '../../errors/store.js'
import type { DueStep } from '../plans/steps.js'
import { ticks } from './clock.js'
import { dies, FATES, nothingMore, WROTE } from './during-event.js'
import { hold } from './hold.js'
import type { World } from './world.js'

/** So many turns of the promise queue what has fallen due has for its commit, before a hold comes. */
const MOST_TICKS = 100

/** Interrupts what falls due as time passes. False: none of it was committed or done, or nobody could compare it. */
export async function duringTime(world: World, step: DueStep): Promise<boolean> {
  if (!world.followsClock) {
    // Where a life begins in the middle of a time, timers of other policies are meant to be due at another.
    await world.advance(step.ms)
    return false
  }
  if (step.do === 'secondOwner') return secondOwner(world, step.ms)
  if (step.do === 'storeSlow') return slow(world, step.ms)
  const { store, outside } = world
  const { commits } = store
  const { count } = outside
  if (step.do === 'crash') dies(world, step.at)
  else store.next(FATES[step.do] ?? 'written')
  // Whoever dies or fails by the store in it goes on in it.
  await world.advance(step.ms)
  nothingMore(world)
  return step.do === 'crash' && step.at.endsWith('effect') ? outside.count > count : store.commits > commits
}

/** What falls due is committed slowly; a hold comes before it is durable. */
async function slow(world: World, ms: number): Promise<boolean> {
  const { store } = world
  const { commits } = store
  store.next('slow')
  const onDue = async () => {
    if (store.commits > commits) return
    for (let tick = 0; tick < MOST_TICKS && store.commits === commits; tick++) await ticks(1)
    if (store.commits > commits) await hold(world)
  }
  await world.advance(ms, { onDue })
  nothingMore(world)
  return store.commits > commits
}

/** Another process has the store as something falls due in both. Who had it knows nothing, until a commit of theirs is refused. */
async function secondOwner(world: World, ms: number): Promise<boolean> {
  const stale = world.process
  await world.begin()
  const { written } = stale.life
  // What it emits goes to nobody who counts.
  stale.stopListening()
  await world.advance(ms)
  await world.calm(stale)
  if (stale.life.written > written) world.broken.push(WROTE)
  const { failure } = stale
  stale.kill()
  return failure instanceof StaleEpochError
}
