import { expect, test } from 'vitest'
import { createActor, setup } from 'xstate'
import { HIDE_NOTHING } from '../../src/inspect/redact.js'
import { shown } from '../../src/inspect/shown.js'
import { isSameReference, placeOf, referenceIn } from '../../visualizer/src/store/references.js'

const pump = setup({}).createMachine({})
const bed = setup({ actors: { pump } }).createMachine({ invoke: { src: 'pump', id: 'pump' } })
const garden = setup({ actors: { bed, pump } }).createMachine({
  invoke: [
    { src: 'bed', id: 'bed-1' },
    { src: 'pump', id: 'pump' },
  ],
})

/** As the stream tells a reference to an actor of a garden. */
function told(...path: readonly string[]): unknown {
  const root = createActor(garden).start()
  let actor: { getSnapshot(): { children: object } } = root
  // The machines above have children of these names.
  for (const id of path) actor = (actor.getSnapshot().children as Record<string, typeof actor>)[id] ?? actor
  return shown(actor, 'context', HIDE_NOTHING)
}

test('a reference says where its actor stands: of two with one id it is one', () => {
  const [own, inBed] = [told('pump'), told('bed-1', 'pump')]
  expect(referenceIn(own)).toEqual({ id: 'pump', path: ['pump'] })
  expect(referenceIn(inBed)).toEqual({ id: 'pump', path: ['bed-1', 'pump'] })
  expect(isSameReference(own, inBed)).toBe(false)
  expect(isSameReference(inBed, told('bed-1', 'pump'))).toBe(true)
  // One of an older recording, of which nobody knows more.
  expect(isSameReference(inBed, { id: 'pump', xstate$$type: 1 })).toBe(true)
  const actors = [{ actor: [] }, { actor: ['pump'] }, { actor: ['bed-1'] }, { actor: ['bed-1', 'pump'] }]
  expect(placeOf({ id: 'pump', path: ['bed-1', 'pump'] }, [], actors)).toEqual(['bed-1', 'pump'])
  expect(placeOf({ id: 'pump' }, ['bed-1'], actors)).toEqual(['bed-1', 'pump'])
})
