import { holds, same } from '../expect.js'
import { silence } from './ears.js'
import { type HostCase, interruptionsOf } from './scene.js'
import { stirToTheEnd } from './stir.js'

/** The time that a shutdown leaves. */
const timeOf = (deadlineMs: unknown) =>
  deadlineMs === undefined ? Number.POSITIVE_INFINITY : Number(deadlineMs)

/** How a host begins: where that is broken, nothing else of it can be told. */
export const beginningCases: readonly HostCase[] = [
  {
    name: 'answers its setup with its cleanup',
    remedy:
      'A host is a plain function that returns its cleanup: what takes time begins in it and is not waited for.',
    needs: [],
    run: async (scene) => {
      const { host } = await scene.platform()
      const { cleanUp } = await scene.listen(host)
      await cleanUp()
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
      const { cleanUp } = await scene.listen(host)
      await cleanUp()
      same(listeners?.(), before, 'how many listeners are left after the cleanup')
    },
  },
  {
    name: 'says nothing after its cleanup',
    remedy: 'Take away listeners and timers in the cleanup; what is under way must not be said any more.',
    needs: [],
    run: async (scene) => {
      const platform = await scene.platform()
      const { words, shutdowns, cleanUp } = await scene.listen(platform.host)
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
      const first = await scene.listen(platform.host)
      const second = await scene.listen(platform.host)
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
    remedy:
      'Remember that the end has begun: whoever says it again waits for the same, and is said again only with less time.',
    needs: ['shutdown'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { shutdowns } = await scene.listen(platform.host)
      const first = platform.shutdown?.()
      await scene.soon(
        () => shutdowns.length > 0,
        () => 'The platform ends, and the host does not say so',
      )
      const again = platform.shutdown?.()
      await Promise.all([first, again])
      await silence()
      const needless = shutdowns.slice(1).filter((ms, index) => !(timeOf(ms) < timeOf(shutdowns[index])))
      same(needless.length, 0, 'how often it shuts down once more, without less time')
    },
  },
  {
    name: 'gives the deadline of its platform at a shutdown',
    remedy:
      'Call `shutdown({ deadlineMs })` with the time that the platform leaves, less what you need yourself.',
    needs: ['shutdown'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { shutdowns } = await scene.listen(platform.host)
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
