import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outlivesProcess, pausesService, withHold, withoutHold } from '../../src/service/interruptions.js'

const platforms = ['background', 'frozen', 'offline', 'low-battery', 'low-memory', 'shutdown']

describe('interruptions', () => {
  test.each(platforms)('%s is the platform’s, and ends with the process', (hold) => {
    expect(outlivesProcess(hold)).toBe(false)
  })

  test.each(['user', 'maintenance', '', 'toString', 'Shutdown'])(
    '“%s” is a person’s, and outlives it',
    (hold) => {
      expect(outlivesProcess(hold)).toBe(true)
    },
  )

  test('frozen and shutdown pause every service, the others those that list them', () => {
    for (const interruption of [...platforms, 'user', 'maintenance']) {
      const always = interruption === 'frozen' || interruption === 'shutdown'
      expect(pausesService(interruption, [])).toBe(always)
      expect(pausesService(interruption, ['other', interruption])).toBe(true)
      expect(pausesService(interruption, ['other'])).toBe(always)
    }
  })
})

describe('holds', () => {
  const name = fc.constantFrom('user', 'offline', 'mine', '')
  const change = fc.record({ add: fc.boolean(), name })

  test('add up as a set in the order of arrival, and no list is changed in place', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const model = new Set<string>()
        let holds: readonly string[] = Object.freeze([])
        for (const { add, name } of changes) {
          if (add) model.add(name)
          else model.delete(name)
          const before = holds
          holds = Object.freeze((add ? withHold : withoutHold)(holds, name))
          expect(holds).toEqual([...model])
          // The same list when nothing changed, so that observers can compare.
          if (before.length === holds.length) expect(holds).toBe(before)
        }
      }),
    )
  })
})
