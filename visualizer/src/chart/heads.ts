import { type Box, type Figure, HEAD } from './figure.js'
import type { Drawing, Rectangle } from './graph.js'

/** Between a way and the texts beside it. */
const CLEAR = 8
/** What folds a state stands at the right end of its head. */
const FOLDER = 30

/** Where the names of open states stand: ways into what is in a state lead through its head, and its name stands where none does. */
export interface Heads {
  /** How far from the left edge a head begins, by the state's id; at the edge where there is none. */
  readonly at: ReadonlyMap<string, number>
  /** States that are too narrow for that, with the width that they need. */
  readonly tight: ReadonlyMap<string, number>
}

/** What is drawn, and where. */
export interface Drawn {
  readonly figure: Figure
  readonly drawing: Drawing
  readonly heads: Heads
}

/** Lays a figure out, and once more with wider states where a way would run through a name. */
export async function drawnClear(
  figureWith: (least: Heads['tight']) => Figure,
  layOut: (figure: Figure, isWider: boolean) => Promise<Drawing>,
): Promise<Drawn> {
  const drawn = async (least: Heads['tight']): Promise<Drawn> => {
    const figure = figureWith(least)
    const drawing = await layOut(figure, least.size > 0)
    return { figure, drawing, heads: headsOf(figure, drawing) }
  }
  const first = await drawn(new Map())
  return first.heads.tight.size === 0 ? first : drawn(first.heads.tight)
}

export function headsOf(figure: Figure, drawing: Drawing): Heads {
  const at = new Map<string, number>()
  const tight = new Map<string, number>()
  for (const box of figure.boxes.values()) {
    const id = box.state.id
    const place = drawing.boxes.get(id)
    if (box.children.length === 0 || place === undefined) continue
    const taken = takenIn(box, place, figure, drawing)
    const isFree = (start: number) => taken.every(([from, to]) => start + box.head <= from || start >= to)
    if (isFree(0)) continue
    const ends = taken.map(([, to]) => to).sort((a, b) => a - b)
    const first = ends.find((end) => end + box.head <= place.width - FOLDER && isFree(end))
    if (first === undefined) tight.set(id, place.width + box.head + FOLDER)
    else at.set(id, first)
  }
  return { at, tight }
}

/** What ways take of the width of a state's head: from, to. */
function takenIn(
  box: Box,
  place: Rectangle,
  { edges }: Figure,
  drawing: Drawing,
): readonly (readonly [number, number])[] {
  const [end, below] = [place.x + place.width, place.y + box.height]
  return edges.flatMap(({ id }) => {
    const { points = [] } = drawing.edges.get(id) ?? {}
    return points.slice(1).flatMap((to, index) => {
      const from = points[index] ?? to
      const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)]
      const isBeside = right <= place.x || left >= end
      const isAbove = Math.max(from.y, to.y) <= place.y + 1
      if (isBeside || isAbove || Math.min(from.y, to.y) >= below - 1) return []
      return [[left - place.x - CLEAR, right - place.x + CLEAR] as const]
    })
  })
}

/** Where names and labels stand, states without others in them whole, and what folds the others. */
export function seenOf(
  { boxes, edges }: Figure,
  drawing: Drawing,
  { at }: Heads,
): { readonly texts: readonly Rectangle[]; readonly folders: readonly Rectangle[] } {
  const texts: Rectangle[] = edges.flatMap(({ id }) => drawing.edges.get(id)?.label ?? [])
  const folders: Rectangle[] = []
  for (const { state, children, head } of boxes.values()) {
    const place = drawing.boxes.get(state.id)
    if (place === undefined) continue
    const { x, y, width } = place
    if (children.length === 0) texts.push(place)
    else {
      texts.push({ x: x + (at.get(state.id) ?? 0), y, width: head, height: HEAD })
      folders.push({ x: x + width - FOLDER, y, width: FOLDER, height: HEAD })
    }
  }
  return { texts, folders }
}
