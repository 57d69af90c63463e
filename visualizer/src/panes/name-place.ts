/** Of the loop of what an actor sends to itself. */
export const LOOP = 26
/** Beside a loop. */
const GAP = 6
/** Between the edge and the name of what is beyond it. */
const EDGE = 4
/** A name has at least this on both sides of its middle, or stands at the edge. */
const HALF = 60
/** What a character takes, roughly. */
const CHARACTER = 7

/** What is in sight of the lanes, in pixels from the left edge of the first. */
export interface Sight {
  readonly from: number
  readonly to: number
  /** Width of all lanes. */
  readonly all: number
}

export type Place = Readonly<Record<'left' | 'right' | 'text-align', string>>

/** Beyond which edge an arrow is that is out of sight; undefined of one that is not. */
export function edgeBefore(start: number, end: number, { from, to }: Sight): 'left' | 'right' | undefined {
  if (Math.min(start, end) >= to) return 'right'
  return Math.max(start, end) <= from ? 'left' : undefined
}

/** Where the name of such an arrow stands: at that edge. */
export function atEdge(edge: 'left' | 'right', { from, to, all }: Sight): Place {
  return between(from + EDGE, to - EDGE, edge, all)
}

/** Where the name of an arrow stands that is in sight: in the middle of what is in sight of it, and in sight itself. */
export function alongArrow(start: number, end: number, { from, to, all }: Sight): Place {
  const [low, high] = [Math.max(from, Math.min(start, end)), Math.min(to, Math.max(start, end))]
  return around((low + high) / 2, { from, to, all })
}

/** Where that of a loop stands: on its right, or on its left where there is more room for it. */
export function besideLoop(at: number, name: string, { from, to, all }: Sight): Place {
  const [left, right] = [at - LOOP - GAP, at + LOOP + GAP]
  const isRight = to - right >= Math.min(name.length * CHARACTER, left - from)
  return isRight ? between(right, to, 'left', all) : between(from, left, 'right', all)
}

/** Whether what stands so is on the left of its loop. */
export function isOnLeft(place: Place): boolean {
  return place['text-align'] === 'right'
}

function around(at: number, { from, to, all }: Sight): Place {
  const half = Math.min(at - from, to - at)
  if (half >= HALF) return between(at - half, at + half, 'center', all)
  return between(from, to, at - from < to - at ? 'left' : 'right', all)
}

function between(left: number, right: number, align: string, all: number): Place {
  return { left: `${left}px`, right: `${all - right}px`, 'text-align': align }
}
