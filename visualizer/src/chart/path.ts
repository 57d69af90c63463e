import type { Point } from './graph.js'

const RADIUS = 7

/** An edge with round corners, as SVG writes it. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const parts = [`M${at(first)}`]
  rest.forEach((corner, index) => {
    const before = points[index]
    const next = rest[index + 1]
    if (before === undefined || next === undefined) parts.push(`L${at(corner)}`)
    else parts.push(`L${at(towards(corner, before))}Q${at(corner)} ${at(towards(corner, next))}`)
  })
  return parts.join('')
}

/** A point on the way from a corner, at most half of it. */
function towards(corner: Point, to: Point): Point {
  const length = Math.hypot(to.x - corner.x, to.y - corner.y)
  const share = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length
  return { x: corner.x + (to.x - corner.x) * share, y: corner.y + (to.y - corner.y) * share }
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`
}

const round = (value: number): number => Math.round(value * 10) / 10
