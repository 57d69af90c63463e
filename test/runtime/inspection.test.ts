import { beforeEach, expect, test, vi } from 'vitest'
import { StoreOlderError } from '../../src/errors/inspect.js'
import { openInspection } from '../../src/runtime/inspection.js'
import { memoryStore } from '../../src/stores/memory.js'

const inspectionHere = vi.hoisted(() => vi.fn((...asked: readonly unknown[]) => ({ asked })))
vi.mock('#inspection', () => ({ inspectionHere }))

const store = memoryStore()
beforeEach(() => void inspectionHere.mockClear())

test.each([undefined, false])('nobody looks on where the option is %s', async (inspect) => {
  expect(await openInspection({ store, ...(inspect === undefined ? {} : { inspect }) })).toBe(undefined)
  expect(inspectionHere).not.toHaveBeenCalled()
})

test('a function hears, and nothing else is opened', async () => {
  const inspect = () => {}
  const opened = await openInspection({ store, inspect })
  expect(opened).toMatchObject({ inspect, observe: undefined, address: undefined })
  // Of no server there is anything to begin or to close.
  expect(await Promise.all([opened?.begin({} as never, {} as never), opened?.close()])).toEqual([
    undefined,
    undefined,
  ])
  expect(inspectionHere).not.toHaveBeenCalled()
})

test('true is the platform’s inspection with nothing said of it, and options are what is said', async () => {
  const older = new StoreOlderError('store', 1, { key: 'hall', epoch: 2, checkpoint: 3 })
  await openInspection({ store, inspect: true }, older)
  await openInspection({ store, inspect: { control: true } }, older)
  expect(inspectionHere.mock.calls).toEqual([
    [{}, { store, inspect: true }, older],
    [{ control: true }, { store, inspect: { control: true } }, older],
  ])
})
