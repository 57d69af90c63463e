import { type Box, type Figure, HEAD } from '../figure.js'
import {
  type Direction,
  DOT,
  type Drawing,
  INITIAL,
  type Point,
  type Rectangle,
  type Route,
} from '../graph.js'
import type { Doors } from './lanes.js'
import { partsOf } from './pieces.js'
import { type Item, type Piece, rowsOf } from './plan.js'
import { placed } from './routes.js'

const PADDING = 18

/** A state that is laid out, with all that is in it: sizes as on a page that is read downwards. */
interface Laid {
  readonly width: number
  readonly height: number
  /** Where ways go out of it, and come in. */
  readonly out: Doors
  readonly into: Doors
  readonly inside: readonly Inside[]
  readonly ways: ReadonlyMap<string, readonly Point[]>
}

/** Something in a state, and where. */
interface Inside {
  readonly item: string
  /** Undefined for the dot of a beginning. */
  readonly laid: Laid | undefined
  readonly at: Point
  readonly width: number
  readonly height: number
}

/**
 * Lays a figure out in rows, each state by itself, the inner ones first: in a time that grows with the number of its edges, so that
 * charts of any size are drawn at once. Labels of edges have no place in it.
 */
export function laidOutInRows(figure: Figure, direction: Direction): Drawing {
  const isTurned = direction === 'RIGHT'
  const parts = partsOf(figure)

  function layOut(box: Box): Laid {
    const [width, height] = turned(box.width, box.height, isTurned)
    const none: Doors = new Map()
    if (box.children.length === 0)
      return { width, height, out: none, into: none, inside: [], ways: new Map() }
    const inner = box.children.map(layOut)
    const initial = box.children.findIndex((child) => child.initial)
    const dot: readonly Item[] =
      initial === -1 ? [] : [{ id: `${INITIAL}${box.state.id}`, width: DOT, height: DOT }]
    const items = [
      ...dot,
      ...box.children.map((child, at): Item => {
        const { width = 0, height = 0 } = inner[at] ?? {}
        return { id: child.state.id, width, height }
      }),
    ]
    const places = new Map(items.map(({ id }, at) => [id, at]))
    const own = [
      ...dot.map(({ id }): Piece => ({ edge: `${id} edge`, from: 0, to: initial + 1 })),
      ...(parts.get(box.state.id) ?? []).map(({ edge, from, to }): Piece => {
        const at = (id: string | undefined) => (id === undefined ? undefined : places.get(id))
        return { edge, from: at(from), to: at(to) }
      }),
    ]
    const doors = {
      out: items.map((_, at) => inner[at - dot.length]?.out ?? none),
      into: items.map((_, at) => inner[at - dot.length]?.into ?? none),
    }
    const all = placed(items, rowsOf(items, own), own, doors)
    // The head is above, whichever way the page is read.
    const [before, above] = turned(PADDING, box.height, isTurned)
    const [least, leastHigh] = turned(box.width, box.height + HEAD, isTurned)
    const whole = Math.max(least, all.width + before + PADDING)
    const aside = before + (whole - before - PADDING - all.width) / 2
    const moved = new Map(
      [...all.ways].map(([edge, points]) => [
        edge,
        points.map(({ x, y }) => ({ x: x + aside, y: y + above })),
      ]),
    )
    const ends = (which: 'from' | 'to', at: 0 | -1) =>
      new Map(
        own
          .filter((piece) => piece[which] === undefined)
          .map(({ edge }) => [edge, moved.get(edge)?.at(at)?.x ?? 0]),
      )
    return {
      width: whole,
      height: Math.max(leastHigh, above + all.height),
      out: ends('to', -1),
      into: ends('from', 0),
      inside: items.map(({ id, width, height }, at) => {
        const { x = 0, y = 0 } = all.places[at] ?? {}
        return { item: id, laid: inner[at - dot.length], at: { x: x + aside, y: y + above }, width, height }
      }),
      ways: moved,
    }
  }

  const places = new Map<string, Rectangle>()
  const ways = new Map<string, readonly Point[]>()
  function put({ item, laid, width, height }: Inside, at: Point): void {
    places.set(item, { ...at, width, height })
    for (const [edge, own] of laid?.ways ?? []) {
      const points = own.map(({ x, y }) => ({ x: x + at.x, y: y + at.y }))
      const known = ways.get(edge) ?? []
      // Outer parts come first here: what leads out of an inner one is before them, what leads in is after.
      ways.set(edge, laid?.out.has(edge) ? [...points, ...known] : [...known, ...points])
    }
    for (const inner of laid?.inside ?? []) put(inner, { x: at.x + inner.at.x, y: at.y + inner.at.y })
  }
  const laid = layOut(figure.root)
  const { width, height } = laid
  put({ item: figure.root.state.id, laid, at: { x: 0, y: 0 }, width, height }, { x: 0, y: 0 })
  return isTurned ? turnedDrawing(width, height, places, ways) : drawing(width, height, places, ways)
}

function drawing(
  width: number,
  height: number,
  boxes: ReadonlyMap<string, Rectangle>,
  ways: ReadonlyMap<string, readonly Point[]>,
): Drawing {
  const edges = new Map(
    [...ways].map(([edge, points]): [string, Route] => [edge, { points, label: undefined }]),
  )
  return { width, height, boxes, edges }
}

/** What is read downwards, read from left to right. */
function turnedDrawing(
  width: number,
  height: number,
  places: ReadonlyMap<string, Rectangle>,
  ways: ReadonlyMap<string, readonly Point[]>,
): Drawing {
  const point = ({ x, y }: Point): Point => ({ x: y, y: x })
  return drawing(
    height,
    width,
    new Map([...places].map(([id, at]) => [id, { ...point(at), width: at.height, height: at.width }])),
    new Map([...ways].map(([edge, points]) => [edge, points.map(point)])),
  )
}

function turned(width: number, height: number, isTurned: boolean): readonly [number, number] {
  return isTurned ? [height, width] : [width, height]
}
