import { holds, same } from '../expect.js'
import { silence } from './ears.js'
import { type HostCase, interruptionsOf } from './scene.js'
import { stirToTheEnd } from './stir.js'

/** How a host begins: where that is broken, nothing else of it can be told. */
export const beginningCases: readonly HostCase[] = [
  {
    name: 'answers its setup with its cleanup',
    remedy:
      'A host is a plain function that returns its cleanup: what takes time begins in it and is not waited for.',
    needs: [],
    run: async (scene) => {
      const { host } = await scene.platform()
      await scene.listen(host).cleanUp()
    },
  },
]

/** How a host ends. */
export const endingCases: readonly HostCase[] = [
  {
    name: 'leaves no listener behind',
    remedy: 'Take away in the cleanup each listener that the setup has added.',
    needs: ['listeners'],
    run: async (scene) => {
      const { host, listeners } = await scene.platform()
      const before = listeners?.()
      await scene.listen(host).cleanUp()
      same(listeners?.(), before, 'how many listeners are left after the cleanup')
    },
  },
  {
    name: 'says nothing after its cleanup',
    remedy: 'Take away listeners and timers in the cleanup; what is under way must not be said any more.',
    needs: [],
    run: async (scene) => {
      const platform = await scene.platform()
      const { words, shutdowns, cleanUp } = scene.listen(platform.host)
      await cleanUp()
      await silence()
      const before = words.length
      await stirToTheEnd(platform)
      same(words.slice(before), [], 'what is said after the cleanup')
      same(shutdowns.length, 0, 'shutdowns after the cleanup')
    },
  },
  {
    name: 'serves several supervisors, each for itself',
    remedy: 'Keep what belongs to a supervisor inside the setup function, and nothing of it beside.',
    needs: [],
    run: async (scene) => {
      const platform = await scene.platform()
      const [first, second] = [scene.listen(platform.host), scene.listen(platform.host)]
      await first.cleanUp()
      await stirToTheEnd(platform)
      same([first.words, first.shutdowns.length], [[], 0], 'what is said to one that was cleaned up')
      const names = interruptionsOf(platform).map(([name]) => name)
      const missing = names.filter((name) => !second.words.includes(name))
      same(missing, [], 'what the other one did not hear')
      same([...second.held], [], 'what is still held')
      if (platform.shutdown !== undefined)
        same(second.shutdowns.length, 1, 'how often the other one is shut down')
    },
  },
  {
    name: 'shuts down once, however often the platform says it',
    remedy: 'Remember that the end has begun: whoever says it again waits for the same.',
    needs: ['shutdown'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { shutdowns } = scene.listen(platform.host)
      const first = platform.shutdown?.()
      await scene.soon(
        () => shutdowns.length > 0,
        () => 'The platform ends, and the host does not say so',
      )
      const again = platform.shutdown?.()
      await Promise.all([first, again])
      await silence()
      same(shutdowns.length, 1, 'how often it shuts down when the platform says it twice')
    },
  },
  {
    name: 'gives the deadline of its platform at a shutdown',
    remedy:
      'Call `shutdown({ deadlineMs })` with the time that the platform leaves, less what you need yourself.',
    needs: ['shutdown'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { shutdowns } = scene.listen(platform.host)
      await platform.shutdown?.()
      await scene.soon(
        () => shutdowns.length > 0,
        () => 'The platform ends, and the host does not say so',
      )
      const { deadlineMs } = platform
      holds(
        deadlineMs === undefined || shutdowns[0] === deadlineMs,
        `The deadline is ${String(shutdowns[0])}, and the platform leaves ${deadlineMs} ms`,
      )
    },
  },
]
