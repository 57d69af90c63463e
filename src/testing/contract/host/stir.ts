import { silence } from './ears.js'
import { type HostUnderTest, interruptionsOf } from './scene.js'

/** Has every interruption of the platform come and go, each on its own. */
export async function stir(platform: HostUnderTest): Promise<void> {
  for (const [, { begin, end }] of interruptionsOf(platform)) {
    await begin()
    await silence()
    await end()
  }
  await silence()
}

/** Has the platform do all that it can, its end last. */
export async function stirToTheEnd(platform: HostUnderTest): Promise<void> {
  await stir(platform)
  await platform.shutdown?.()
  await silence()
}
