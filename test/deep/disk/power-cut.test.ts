import { expect, test } from 'vitest'
import { Random } from '../../crash/random.js'
import type { DiskEvent } from './disk.js'
import { powerCuts } from './power-cut.js'

const [FOLDER, LOOSE] = [1, 2]

const linked = (node: number, folder = FOLDER): DiskEvent => ({ do: 'link', folder, name: `${node}`, node })
const written = (node: number): DiskEvent => ({ do: 'write', node, text: 'all of it' })

const left = (events: readonly DiskEvent[]) =>
  new Set([...powerCuts(events, new Set([LOOSE]), new Random(1))].map((past) => JSON.stringify(past)))

test('every combination of what was not synced is left once, however many there are', () => {
  const events = [10, 11, 12, 13].flatMap((node) => [linked(node), written(node)])
  // A name is there or not; a write whole, in half or not at all.
  expect(left(events).size).toBe(2 ** 4 * 3 ** 4)
})

test('what was synced is always there, whatever came after it', () => {
  const events: DiskEvent[] = [
    linked(10),
    written(10),
    { do: 'sync', node: 10 },
    { do: 'sync', node: FOLDER },
  ]
  const after = [...left([...events, linked(11)])]
  expect(after).toHaveLength(2)
  for (const past of after) expect(JSON.parse(past)).toEqual(expect.arrayContaining(events))
})

test('what nobody reads is kept, lost, or there by chance', () => {
  const loose = Array.from({ length: 20 }, (_, index) => linked(100 + index, LOOSE))
  const counts = [...powerCuts([...loose, linked(10)], new Set([LOOSE]), new Random(1))].map(
    ({ length }) => length,
  )
  expect(counts).toHaveLength(2 * 3)
  expect(counts).toEqual(expect.arrayContaining([21, 20, 1, 0]))
  expect(counts.filter((count) => count > 1 && count < 20)).toHaveLength(2)
})
