import type { Drawing } from './graph.js'

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

const WAYS: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** The state that a person means who goes from one in a direction: near, and rather straight than aside. */
export function nextState(
  from: string,
  arrow: Arrow,
  states: readonly string[],
  { boxes }: Drawing,
): string | undefined {
  const start = boxes.get(from)
  if (start === undefined) return states[0]
  const [wayX, wayY] = WAYS[arrow]
  const middle = ({ x, y, width, height }: typeof start) => [x + width / 2, y + height / 2] as const
  const [startX, startY] = middle(start)
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const id of states) {
    const box = boxes.get(id)
    if (box === undefined || id === from) continue
    const [x, y] = middle(box)
    const along = (x - startX) * wayX + (y - startY) * wayY
    const aside = Math.abs((x - startX) * wayY) + Math.abs((y - startY) * wayX)
    const cost = along + 2.5 * aside
    if (along > 4 && cost < least) {
      least = cost
      best = id
    }
  }
  return best
}
