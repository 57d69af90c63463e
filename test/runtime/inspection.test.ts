import { beforeEach, expect, test, vi } from 'vitest'
import { readyInspection } from '../../src/runtime/inspection.js'
import { memoryStore } from '../../src/stores/memory.js'

const inspectionHere = vi.hoisted(() =>
  vi.fn(async (...asked: readonly unknown[]) => () => ({ asked })),
)
vi.mock('#inspection', () => ({ inspectionHere }))

const store = memoryStore()
beforeEach(() => void inspectionHere.mockClear())

test.each([undefined, false])('nobody looks on where the option is %s', async (inspect) => {
  const open = await readyInspection({ store, ...(inspect === undefined ? {} : { inspect }) })
  expect(open()).toBe(undefined)
  expect(inspectionHere).not.toHaveBeenCalled()
})

test('a function hears, and nothing else is opened', async () => {
  const inspect = () => {}
  const opened = (await readyInspection({ store, inspect }))()
  expect(opened).toMatchObject({ inspect, observe: undefined, address: undefined })
  // Of no server there is anything to begin or to close.
  expect(await Promise.all([opened?.begin({} as never, {} as never), opened?.close()])).toEqual([
    undefined,
    undefined,
  ])
  expect(inspectionHere).not.toHaveBeenCalled()
})

test('true is the platform’s inspection with nothing said of it, and options are what is said', async () => {
  const options = { store, inspect: { control: true } }
  await readyInspection({ store, inspect: true })
  expect((await readyInspection(options))()).toEqual({ asked: [{ control: true }, options] })
  expect(inspectionHere.mock.calls).toEqual([
    [{}, { store, inspect: true }],
    [{ control: true }, options],
  ])
})
