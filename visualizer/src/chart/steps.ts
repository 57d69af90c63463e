import type { Box } from './figure.js'
import type { Drawing, Rectangle } from './graph.js'

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

const WAYS: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/**
 * The state that a person means who goes from one by an arrow: down into a box that is open, and else to the nearest one beside it in that direction. Where
 * none is there, left and right go to the one before and after it in the machine, and up to the state that it is in.
 */
export function nextState(from: string, arrow: Arrow, root: Box, { boxes }: Drawing): string | undefined {
  const place = placeIn(root, from)
  if (place === undefined) return root.state.id
  const { box, parent } = place
  const child = box.children.find(({ initial }) => initial) ?? box.children[0]
  if (arrow === 'ArrowDown' && child !== undefined) return child.state.id
  const ids = (parent?.children ?? []).map(({ state }) => state.id)
  const beside = nearest(from, arrow, ids, boxes)
  if (beside !== undefined) return beside
  const at = ids.indexOf(from)
  const fallback: Readonly<Record<Arrow, string | undefined>> = {
    ArrowLeft: ids[at - 1],
    ArrowRight: ids[at + 1],
    ArrowUp: parent?.state.id,
    ArrowDown: undefined,
  }
  return fallback[arrow]
}

interface Place {
  readonly box: Box
  readonly parent: Box | undefined
}

function placeIn(box: Box, id: string, parent?: Box): Place | undefined {
  if (box.state.id === id) return { box, parent }
  for (const child of box.children) {
    const found = placeIn(child, id, box)
    if (found !== undefined) return found
  }
  return undefined
}

/** Near, and rather straight than aside. */
function nearest(
  from: string,
  arrow: Arrow,
  ids: readonly string[],
  boxes: ReadonlyMap<string, Rectangle>,
): string | undefined {
  const start = boxes.get(from)
  if (start === undefined) return undefined
  const [wayX, wayY] = WAYS[arrow]
  const middle = ({ x, y, width, height }: Rectangle) => [x + width / 2, y + height / 2] as const
  const [startX, startY] = middle(start)
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const id of ids) {
    const box = boxes.get(id)
    if (box === undefined || id === from) continue
    const [x, y] = middle(box)
    const along = (x - startX) * wayX + (y - startY) * wayY
    const aside = Math.abs((x - startX) * wayY) + Math.abs((y - startY) * wayX)
    const cost = along + 2.5 * aside
    // What is rather aside is no way there.
    if (along > 4 && aside <= 2 * along && cost < least) {
      least = cost
      best = id
    }
  }
  return best
}
