import type { Rectangle } from './graph.js'

export type Corner = 'right' | 'left' | 'top right' | 'top left'

export interface Size {
  readonly width: number
  readonly height: number
}

/** In this order they are taken where each is as good. */
const CORNERS: readonly Corner[] = ['right', 'left', 'top right', 'top left']

/**
 * In which corner of a window something of a size is in the way of least. It stays where it is unless another is better.
 *
 * @param places of the window in which other things stand: those that matter most first, of which it leaves one free rather than all that come after
 * @returns the corner, and whether nothing of what stands there is covered
 */
export function freestCorner(
  now: Corner,
  own: Size,
  room: Size,
  places: readonly (readonly Rectangle[])[],
): { readonly corner: Corner; readonly isFree: boolean } {
  const cost = (corner: Corner): number => {
    const x = corner.endsWith('left') ? 0 : room.width - own.width
    const y = corner.startsWith('top') ? 0 : room.height - own.height
    const covers = (place: Rectangle) => meets(place, { x, y, ...own })
    const covered = places.findIndex((some) => some.some(covers))
    return covered === -1 ? 0 : places.length - covered
  }
  const costs = new Map(CORNERS.map((corner) => [corner, cost(corner)]))
  const least = Math.min(...costs.values())
  const best = CORNERS.find((corner) => costs.get(corner) === least) ?? now
  return { corner: costs.get(now) === least ? now : best, isFree: least === 0 }
}

function meets(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
