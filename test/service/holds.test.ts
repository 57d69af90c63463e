import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  durableHolds,
  type Hold,
  hasHold,
  holdNames,
  withHold,
  withoutHold,
} from '../../src/service/holds.js'

const owner = fc.constantFrom('program', 'host 1', 'host 2')
const name = fc.constantFrom('user', 'offline', 'mine', '')
const change = fc.record({ add: fc.boolean(), hold: fc.record({ name, by: owner }) })

describe('holds', () => {
  test('add up as a set of names and holders in the order of arrival, and no list is changed in place', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const model = new Map<string, Hold>()
        let holds: readonly Hold[] = Object.freeze([])
        for (const { add, hold } of changes) {
          const id = `${hold.by}/${hold.name}`
          if (!add) model.delete(id)
          else if (!model.has(id)) model.set(id, hold)
          const before = holds
          holds = Object.freeze((add ? withHold : withoutHold)(holds, hold))
          expect(holds).toEqual([...model.values()])
          expect(hasHold(holds, hold)).toBe(add)
          // The same list when nothing changed, so that observers can compare.
          if (before.length === holds.length) expect(holds).toBe(before)
        }
      }),
    )
  })

  test('are named once, however many hold under a name', () => {
    const holds = [
      { name: 'offline', by: 'host 1' },
      { name: 'user', by: 'program' },
      { name: 'offline', by: 'host 2' },
    ]
    expect(holdNames(holds)).toEqual(['offline', 'user'])
  })

  test('outlive the process where the program has set them, under a name that is no platform’s', () => {
    const holds = ['program', 'host 1', 'supervisor'].flatMap((by) =>
      ['user', 'offline', 'mine', 'shutdown'].map((each) => ({ name: each, by })),
    )
    expect(durableHolds(holds)).toEqual(['user', 'mine'])
  })
})
