import { expect, test } from 'vitest'
import { createActor, createMachine, type InspectionEvent } from 'xstate'
import { inspectorOf } from '../../src/runtime/inspector-of.js'

const of = { definition: 'lamp', key: 'hall', part: 'machine' } as const

test('nobody who inspects is no observer, for whom XState would make events', () => {
  expect(inspectorOf(undefined, of)).toBe(undefined)
})

test('an inspector is told of every event whose it is', () => {
  const heard: unknown[] = []
  const inspect = inspectorOf((event, whose) => heard.push([event.type, whose]), of)
  if (inspect === undefined) throw new Error('there is none')
  createActor(createMachine({}), { inspect: (event: InspectionEvent) => inspect(event) })
  expect(heard).toEqual([['@xstate.actor', of]])
})
