import { type Corner, freestCorner, type Size } from './corner.js'
import type { Rectangle } from './graph.js'

/** Of the card, and from it to the edges of its window. */
const WIDTH = 340
const EDGE = 10

/**
 * Where the card of a state stands: in the left lower corner, or where it leaves the state to be seen, which a second click may be on its way to.
 *
 * @returns the corner, and whether the card takes no more than half of the height: where there is no room on either side of the state
 */
export function cardCorner(
  state: Rectangle | undefined,
  { width, height }: Size,
): { readonly corner: Corner; readonly isHalf: boolean } {
  const place = (own: Size) =>
    freestCorner('left', own, { width, height }, [state === undefined ? [] : [state]])
  const own = { width: Math.min(WIDTH + EDGE, width), height }
  const beside = place(own)
  if (beside.isFree) return { corner: beside.corner, isHalf: false }
  return { corner: place({ ...own, height: height / 2 }).corner, isHalf: true }
}
