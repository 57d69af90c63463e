import { expect, test } from 'vitest'
import type { Fact, Subject } from '../../src/ports/inspector.js'
import { observedRemovals } from '../../src/runtime/observer-of.js'
import { request } from '../../src/testing/contract/store/requests.js'

/** A claim that has this under each key, or throws it, and what whoever looks on is told. */
function observed(held: () => ReturnType<typeof request> | undefined, looks = true) {
  const [removed, told]: [string[], unknown[]] = [[], []]
  const claim = {
    load: async () => {
      const stored = held()
      return stored && { ...stored, epoch: 1 }
    },
    remove: async (key: string) => void removed.push(key),
  }
  const nothing = async () => {}
  const observe = ({ type }: Fact | { readonly type: string }, of: Subject) => void told.push([type, of])
  const inspection = { inspect: () => {}, observe, address: undefined, begin: nothing, close: nothing }
  return { claim, observedClaim: observedRemovals(claim, looks ? inspection : undefined), removed, told }
}

test('a removal is told with whose it was', async () => {
  const { observedClaim, removed, told } = observed(() => request('hall', 1))
  expect(await observedClaim.load('hall')).toMatchObject({ key: 'hall' })
  await observedClaim.remove('hall')
  expect(removed).toEqual(['hall'])
  expect(told).toEqual([['removed', { definition: request('hall', 1).service, key: 'hall' }]])
})

test.each([
  ['is not there', () => undefined],
  [
    'cannot be read',
    () => {
      throw new Error('unplugged')
    },
  ],
])('what %s is removed all the same, and of nobody is anything told', async (_, held) => {
  const { observedClaim, removed, told } = observed(held)
  await observedClaim.remove('hall')
  expect([removed, told]).toEqual([['hall'], []])
})

test('where nobody looks on, nothing is read for it', () => {
  const { claim, observedClaim } = observed(() => undefined, false)
  expect(observedClaim).toBe(claim)
})
