import type { World } from './world.js'

/**
 * Half of the newest record is there: the service must say so, and is told to go on from the one before.
 * @param startAnew removes what is stored, and begins again
 */
export async function stepBack(world: World, startAnew: () => Promise<void>): Promise<void> {
  world.store.torn = false
  if (world.process.failure === undefined) {
    world.broken.push('a damaged checkpoint was taken without a word')
    return
  }
  world.tell('you', 'service', 'retry from the last good checkpoint')
  if (!(await world.process.retry(true))) {
    // There is none before the first.
    world.tell('you', 'service', 'remove it, and start anew')
    await startAnew()
  }
  await world.calm()
}
