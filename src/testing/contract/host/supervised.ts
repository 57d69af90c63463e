import { createMachine } from 'xstate'
import type { HostSink } from '../../../ports/host.js'
import { createSupervisor } from '../../../runtime/create-supervisor.js'
import { defineService } from '../../../service/definition.js'
import { memoryStore } from '../../../stores/memory.js'
import { same } from '../expect.js'
import { type HostCase, type HostScene, type HostUnderTest, interruptionsOf } from './scene.js'

/** A service under the host, with a real supervisor. */
async function supervised(scene: HostScene, platform: HostUnderTest) {
  const store = memoryStore()
  let closes = 0
  const host = (sink: HostSink) =>
    platform.host({
      ...sink,
      shutdown: (options) => {
        closes++
        const shutdown = sink.shutdown(options)
        // What the case finds is told by it; a host that does not look at this must not end the process that tries it.
        shutdown.catch(() => {})
        return shutdown
      },
    })
  const supervisor = await createSupervisor({ store, host, chaos: false })
  scene.after(() => supervisor.close())
  const pauseOn = interruptionsOf(platform).map(([name]) => name)
  const machine = createMachine({ id: 'held' })
  const service = await supervisor.start(defineService({ id: 'held', version: 1, machine, pauseOn }))
  return { store, supervisor, state: () => service.getSnapshot().value, closes: () => closes }
}

/** What comes of a host’s words with a real supervisor. */
export const supervisedCases: readonly HostCase[] = [
  {
    name: 'pauses a service while an interruption is in force, and lets it go on',
    remedy: 'See the other cases first: what the host says must come and go with its platform.',
    needs: ['interruptions'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { state } = await supervised(scene, platform)
      for (const [name, { begin, end }] of interruptionsOf(platform)) {
        await begin()
        await scene.soon(
          () => state() === 'paused',
          () => `“${name}” has begun, and the service is ${state()}`,
        )
        await end()
        await scene.soon(
          () => state() === 'running',
          () => `“${name}” is over, and the service is ${state()}`,
        )
      }
    },
  },
  {
    name: 'brings a supervisor to rest at a shutdown, and gives its store back',
    remedy: 'See the other cases first; the cleanup is called while the shutdown is under way.',
    needs: ['shutdown'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { store, supervisor, state, closes } = await supervised(scene, platform)
      const asked = platform.shutdown?.()
      await scene.soon(
        () => closes() > 0,
        () => 'The platform ends, and the supervisor is not told',
      )
      same(await supervisor.close(), { safe: ['held'], unsafe: [] }, 'what was brought to rest')
      await asked
      same(state(), 'paused', 'the state of the service')
      await (await store.claim()).close()
    },
  },
]
