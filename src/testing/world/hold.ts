import type { World } from './world.js'

/** Waits for an answer of the process's, and for the world to come to rest after it. */
export async function until(world: World, asked: string, answer: Promise<unknown>): Promise<void> {
  world.tell('you', 'service', asked)
  await answer
  await world.calm()
}

/** Holds the service, and releases it after what happens meanwhile. */
export async function hold(
  world: World,
  during: (world: World) => Promise<unknown> = async () => {},
): Promise<void> {
  await until(world, 'hold', world.process.pause())
  await during(world)
  await until(world, 'release', world.process.resume())
}

/** Ends the process, and begins another after what happens meanwhile. */
export async function restart(world: World, during: () => void = () => {}): Promise<void> {
  world.kill()
  during()
  await world.begin()
}
