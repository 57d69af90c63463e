import { type Corner, freestCorner, type Size } from './corner.js'
import type { Rectangle } from './graph.js'

/** Of the card, and from it to the edges of its window. */
const WIDTH = 340
const EDGE = 10
/** A card of less height, with what is around it, tells nothing. */
const LEAST = 100

/**
 * Where the card of a state stands: in the left lower corner, or where it leaves the state to be seen, which a second click may be on its way to.
 *
 * @returns the corner, and its greatest height where there is no room on either side of the state, so that it stands above or below
 */
export function cardCorner(
  state: Rectangle | undefined,
  { width, height }: Size,
): { readonly corner: Corner; readonly mostPx?: number } {
  const place = (own: Size) =>
    freestCorner('left', own, { width, height }, [state === undefined ? [] : [state]])
  const own = { width: Math.min(WIDTH + EDGE, width), height }
  const beside = place(own)
  if (beside.isFree || state === undefined) return { corner: beside.corner }
  const free = Math.floor(Math.max(state.y, height - state.y - state.height))
  const most = free < LEAST ? height / 2 : free
  return { corner: place({ ...own, height: most }).corner, mostPx: most - 2 * EDGE }
}
