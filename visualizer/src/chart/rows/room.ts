/** Between two lines that run beside one another. */
export const LANE = 7
/** Between a line and a box. */
export const CLEAR = 12
/** A gap or a channel without lines. */
export const EMPTY = 24

/** What so many lines beside one another take, with what is beside them. */
export function roomFor(lanes: number, empty: number): number {
  return lanes === 0 ? empty : 2 * CLEAR + (lanes - 1) * LANE
}
