import { expect, test } from 'vitest'
import { cardCorner } from '../../visualizer/src/chart/card-corner.js'
import { freestCorner } from '../../visualizer/src/chart/corner.js'

const room = { width: 800, height: 600 }
const own = { width: 180, height: 132 }
const at = (x: number, y: number) => ({ x, y, width: 100, height: 40 })
const [lowerRight, lowerLeft, upperRight, upperLeft] = [at(690, 550), at(10, 550), at(690, 10), at(10, 10)]

test.each([
  ['stays in the lower right corner where nothing is', [], [], 'right'],
  ['gives way to what lives', [lowerRight], [], 'left'],
  ['gives way to a name', [], [lowerRight], 'left'],
  ['gives way upwards where names stand below', [], [lowerRight, lowerLeft], 'top right'],
  ['rather covers a name than what lives', [lowerRight, lowerLeft, upperLeft], [upperRight], 'top right'],
  ['stays where no corner is better', [], [lowerRight, lowerLeft, upperRight, upperLeft], 'right'],
] as const)('the map of a chart %s', (_, alive, read, corner) => {
  expect(freestCorner('right', own, room, [alive, read]).corner).toBe(corner)
})

test('it does not come back from a corner that is as good as another', () => {
  expect(freestCorner('top left', own, room, [[], []]).corner).toBe('top left')
  expect(freestCorner('top left', own, room, [[], [upperLeft]]).corner).toBe('right')
})

test('it is told whether nothing is covered where it stands', () => {
  const everywhere = [lowerRight, lowerLeft, upperRight, upperLeft]
  expect(freestCorner('right', own, room, [[], [lowerRight]]).isFree).toBe(true)
  expect(freestCorner('right', own, room, [[], everywhere]).isFree).toBe(false)
})

test('the card of a state in the middle of a window stands above or below it, with the height that is there', () => {
  const state = { x: 257, y: 192, width: 134, height: 66 }
  expect(cardCorner(state, { width: 668, height: 450 })).toEqual({ corner: 'left', mostPx: 172 })
  expect(cardCorner({ ...state, y: 300 }, { width: 668, height: 450 })).toEqual({
    corner: 'top right',
    mostPx: 280,
  })
  // Of one that fills the window there is no place beside.
  expect(cardCorner({ ...state, y: 20, height: 400 }, { width: 668, height: 450 }).mostPx).toBe(205)
  expect(cardCorner({ ...state, x: 400 }, { width: 668, height: 450 })).toEqual({ corner: 'left' })
})
