import { same } from '../expect.js'
import { type HostCase, interruptionsOf } from './scene.js'
import { stir, stirToTheEnd } from './stir.js'

const inWords = (held: ReadonlySet<string>) => (held.size === 0 ? 'nothing' : [...held].join(', '))

/** What a host says while its platform goes on. */
export const holdingCases: readonly HostCase[] = [
  {
    name: 'says no word that nobody knows',
    remedy:
      'Spell the interruption as `pauseOn` does: a word of its own pauses nothing. Own words go into `interruptions`.',
    needs: ['interruptions'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { words } = await scene.listen(platform.host)
      await stir(platform)
      const known = interruptionsOf(platform).map(([name]) => name)
      const unknown = words.filter((word) => !known.includes(word))
      same(unknown, [], `what is said beside ${known.join(', ')}`)
    },
  },
  {
    name: 'says each interruption when it comes, and releases it when it is over',
    remedy:
      'Call `interrupt` where the reason comes into force, and `release` with the same word where it is gone.',
    needs: ['interruptions'],
    run: async (scene) => {
      const platform = await scene.platform()
      const { held } = await scene.listen(platform.host)
      for (const [name, { begin, end }] of interruptionsOf(platform)) {
        await begin()
        await scene.soon(
          () => held.has(name),
          () => `“${name}” has begun, and the host holds ${inWords(held)}`,
        )
        same([...held], [name], `what is held when “${name}” has begun`)
        await end()
        await scene.soon(
          () => !held.has(name),
          () => `“${name}” is over, and the host holds it still`,
        )
      }
    },
  },
  {
    name: 'holds just what is in force, whatever comes and goes',
    remedy:
      'Keep the reasons apart: the end of one releases no other, and one that comes again is held again.',
    needs: ['interruptions'],
    run: (scene) =>
      scene.atRandom(scene.fc.array(scene.fc.nat({ max: 50 }), { maxLength: 12 }), async (picks, inner) => {
        const platform = await inner.platform()
        const { held } = await inner.listen(platform.host)
        const interruptions = interruptionsOf(platform)
        const inForce = new Set<string>()
        for (const pick of picks) {
          const picked = interruptions[pick % interruptions.length]
          // A platform that has none does not come here: see `needs`.
          if (picked === undefined) continue
          const [name, { begin, end }] = picked
          if (inForce.delete(name)) await end()
          else {
            inForce.add(name)
            await begin()
          }
          const wanted = [...inForce].sort().join(', ')
          await inner.soon(
            () => [...held].sort().join(', ') === wanted,
            () => `The host holds ${inWords(held)}, and ${inWords(inForce)} is in force`,
          )
        }
      }),
  },
  {
    name: 'gives deadlines that are times, or none',
    remedy: 'Give `deadlineMs` as a number of milliseconds, or leave it out.',
    needs: [],
    run: async (scene) => {
      const platform = await scene.platform()
      const { deadlines } = await scene.listen(platform.host)
      await stirToTheEnd(platform)
      const wrong = deadlines.filter((ms) => ms !== undefined && !(typeof ms === 'number' && ms >= 0))
      same(wrong.map(String), [], 'deadlines that are none')
    },
  },
]
