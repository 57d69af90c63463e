import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api.js'
import { type Box, type Edge, type Figure, HEAD } from './figure.js'

export type Direction = 'RIGHT' | 'DOWN'

/** Where everything stands, in pixels from the figure's left upper corner. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly boxes: ReadonlyMap<string, Rectangle>
  readonly edges: ReadonlyMap<string, Route>
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Route {
  readonly points: readonly Point[]
  readonly label: Rectangle | undefined
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** Before the id of a state: the dot from which its beginning is drawn. */
export const INITIAL = 'initial of '
const BELOW = 'below the part before: '
/** Width and height of the dot. */
export const DOT = 10

const WHOLE: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
}

/** Said of every state that holds others: ELK does not take them from the whole. */
const LAYERS: LayoutOptions = {
  'elk.edgeRouting': 'ORTHOGONAL',
  // From the beginning on: what leads back leads back. ELK's orders by the model fail on charts within charts.
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.unnecessaryBendpoints': 'true',
}

const SPACING: LayoutOptions = {
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelNode': '8',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
}

/** The figure as ELK takes it; `stacks`: the parts of a parallel state stand one below the other, for a window that is tall. */
export function graphOf({ root, edges }: Figure, direction: Direction, stacks = false): ElkNode {
  const node = (box: Box): ElkNode => {
    const id = box.state.id
    const part = partOf(box, direction)
    if (box.children.length === 0) return { id, width: box.width, height: box.height, layoutOptions: part }
    const begins = box.children.some(({ initial }) => initial)
    const dot: ElkNode = { id: `${INITIAL}${id}`, width: DOT, height: DOT }
    return {
      id,
      children: [...(begins ? [dot] : []), ...box.children.map(node)],
      layoutOptions: {
        ...LAYERS,
        ...SPACING,
        ...part,
        // Its parts beside one another in the order in which they are written.
        'elk.layered.crossingMinimization.semiInteractive': `${box.state.type === 'parallel'}`,
        'elk.padding': `[top=${box.height + 16},left=18,bottom=18,right=18]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': least(box.width, box.height + HEAD, direction),
        'elk.direction': direction,
      },
    }
  }
  const others: ElkExtendedEdge[] = []
  const visit = (box: Box): void => {
    for (const [at, child] of box.children.entries()) {
      const before = box.children[at - 1]
      // No edge that is drawn: it has ELK lay out one after the other.
      if (stacks && box.state.type === 'parallel' && before !== undefined)
        others.push({
          id: `${BELOW}${child.state.id}`,
          sources: [before.state.id],
          targets: [child.state.id],
        })
      if (child.initial) {
        const source = `${INITIAL}${box.state.id}`
        others.push({ id: `${source} edge`, sources: [source], targets: [child.state.id] })
      }
      visit(child)
    }
  }
  visit(root)
  return {
    id: '(figure)',
    layoutOptions: { ...WHOLE, ...LAYERS, ...SPACING, 'elk.direction': direction },
    children: [node(root)],
    edges: [...others, ...edges.map(edgeOf)],
  }
}

/** Of a part of a parallel state: its place among the others, all of which begin at one line. */
function partOf({ state, parent }: Box, direction: Direction): LayoutOptions {
  if (parent?.state.type !== 'parallel') return {}
  // Only which number is greater matters, in the direction across the layers.
  const at = 1 + parent.children.findIndex((child) => child.state === state)
  return { 'elk.position': `(${at},${at})`, 'elk.alignment': direction === 'DOWN' ? 'TOP' : 'LEFT' }
}

/** ELK lays out from left to right and turns what it has laid out, but not the least size that it was given. */
function least(width: number, height: number, direction: Direction): string {
  return direction === 'DOWN' ? `(${height},${width})` : `(${width},${height})`
}

function edgeOf({ id, source, target, width, height }: Edge): ElkExtendedEdge {
  const label = {
    text: ' ',
    width,
    height,
    layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
  }
  return { id, sources: [source], targets: [target], labels: width === 0 ? [] : [label] }
}

/** What ELK has answered, as it is drawn. */
export function drawingOf(laid: ElkNode): Drawing {
  const boxes = new Map<string, Rectangle>()
  const edges = new Map<string, Route>()
  const visit = (node: ElkNode): void => {
    boxes.set(node.id, rectangle(node))
    for (const child of node.children ?? []) visit(child)
    for (const edge of node.edges ?? []) {
      const points = (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
        startPoint,
        ...bendPoints,
        endPoint,
      ])
      const label = edge.labels?.[0]
      edges.set(edge.id, { points, label: label === undefined ? undefined : rectangle(label) })
    }
  }
  visit(laid)
  return { width: laid.width ?? 0, height: laid.height ?? 0, boxes, edges }
}

/** Where these states stand, as far as they are drawn. */
export function placesOf({ boxes }: Drawing, ids: readonly string[]): readonly Rectangle[] {
  return ids.flatMap((id) => boxes.get(id) ?? [])
}

function rectangle({ x = 0, y = 0, width = 0, height = 0 }: Partial<Rectangle>): Rectangle {
  return { x, y, width, height }
}
