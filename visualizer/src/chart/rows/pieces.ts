import type { Box, Figure } from '../figure.js'

/** A part of an edge: within one state, from one of the states in it to another; undefined: from, or to, the state's own border. */
export interface Part {
  readonly edge: string
  readonly from: string | undefined
  readonly to: string | undefined
}

/** The edges in the parts that lie in one state each, by that state: out of every state that holds the source, and into every one that holds the target. */
export function partsOf({ boxes, edges }: Figure): ReadonlyMap<string, readonly Part[]> {
  const parts = new Map<string, Part[]>()
  const add = (within: Box | undefined, part: Part): void => {
    if (within === undefined) return
    const list = parts.get(within.state.id)
    if (list === undefined) parts.set(within.state.id, [part])
    else list.push(part)
  }
  for (const { id: edge, source, target } of edges) {
    const [out, into] = [lineage(boxes.get(source)), lineage(boxes.get(target))]
    let common = 0
    while (common < out.length && common < into.length && out[common] === into[common]) common++
    const idOf = (box: Box | undefined) => box?.state.id
    for (let at = common; at < out.length - 1; at++)
      add(out[at], { edge, from: idOf(out[at + 1]), to: undefined })
    // Where one holds the other, the way begins or ends on the border of the outer one.
    add(out[common - 1], { edge, from: idOf(out[common]), to: idOf(into[common]) })
    for (let at = common; at < into.length - 1; at++)
      add(into[at], { edge, from: undefined, to: idOf(into[at + 1]) })
  }
  return parts
}

/** A box with those that hold it, the outermost first. */
function lineage(box: Box | undefined): readonly Box[] {
  const boxes: Box[] = []
  for (let at = box; at !== undefined; at = at.parent) boxes.unshift(at)
  return boxes
}
