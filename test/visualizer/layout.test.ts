import Elk from 'elkjs/lib/main.js'
import { describe, expect, test } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { makeLane } from '../../machines/outbox/lane.js'
import { makeOutboxMachine } from '../../machines/outbox/machine.js'
import { makeSyncMachine } from '../../machines/sync/machine.js'
import { transferMachine } from '../../machines/transfer/machine.js'
import type { Chart } from '../../src/inspect/chart/chart.js'
import { chartOf, chartOfConfig } from '../../src/inspect/chart/chart-of.js'
import { figureOf } from '../../visualizer/src/chart/figure.js'
import { foldedAtFirst, statesOf } from '../../visualizer/src/chart/folding.js'
import { type Direction, drawingOf, graphOf, type Point } from '../../visualizer/src/chart/graph.js'
import { drawnClear } from '../../visualizer/src/chart/heads.js'
import { takenIn } from '../../visualizer/src/chart/live.js'
import { laidOutInRows } from '../../visualizer/src/chart/rows/lay-out.js'
import { nextState } from '../../visualizer/src/chart/steps.js'
import { around, mark } from '../../visualizer/src/store/charts.js'
import { LIFECYCLE } from './kit/recording.js'

const delivery = { now: () => 0, credentials: () => ({}) }
const MACHINES: readonly AnyStateMachine[] = [
  transferMachine,
  makeOutboxMachine(delivery),
  makeLane(delivery),
  // Its options are of no account for the chart.
  makeSyncMachine({} as never),
]
const CHARTS: readonly (readonly [string, Chart])[] = [
  ['lifecycle', LIFECYCLE],
  ...MACHINES.map((machine) => [machine.id, chartOf(machine)] as const),
  ['transfer in its lifecycle', around(LIFECYCLE, chartOf(transferMachine))],
]

const WAYS = [
  ['DOWN', false],
  ['DOWN', true],
  ['RIGHT', false],
] as const

const measure = (text: string) => text.length * 6.5

function drawn(chart: Chart, direction: Direction, stacks = false) {
  return drawnClear(
    (least) => figureOf(chart, new Set(), measure, false, least),
    async (figure) => drawingOf(await new Elk().layout(graphOf(figure, direction, stacks))),
  )
}

/** A parallel state of three parts that are written one after the other, into one of which an event leads from outside. */
const GREENHOUSE = chartOfConfig({
  id: 'greenhouse',
  initial: 'open',
  states: {
    open: {
      type: 'parallel',
      on: { CLOSE: 'closed', FROST: '.heating.on' },
      states: {
        heating: { initial: 'off', states: { off: { on: { COLD: 'on' } }, on: { on: { WARM: 'off' } } } },
        watering: {
          initial: 'dry',
          states: { dry: { on: { POUR: 'wet' } }, wet: { on: { DRAIN: 'soaked' } }, soaked: {} },
        },
        shading: { initial: 'up', states: { up: { on: { SUN: 'down' } }, down: { on: { CLOUD: 'up' } } } },
      },
    },
    closed: { on: { OPEN: 'open' } },
  },
})
/** Ways from everywhere into a state within narrow ones. */
const NESTED = chartOfConfig({
  id: 'order',
  initial: 'draft',
  states: {
    draft: { on: { JUMP: '#inner', SUBMIT: 'a state with quite a long name' } },
    'a state with quite a long name': {
      initial: 'b',
      entry: 'somethingThatIsLongToSay',
      states: { b: { initial: 'c', states: { c: { id: 'inner' }, d: { on: { BACK: 'c' } } } } },
    },
    review: { on: { CLEAR: '#inner', NEXT: 'draft' } },
  },
})

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Whether two have more in common than an edge. */
function meet(a: Place, b: Place): boolean {
  const apart = (start: number, length: number, other: number, otherLength: number) =>
    start + length <= other + 0.5 || other + otherLength <= start + 0.5
  return !apart(a.x, a.width, b.x, b.width) && !apart(a.y, a.height, b.y, b.height)
}

function isIn(inner: Place, outer: Place, head: number): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y + head &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

function isAt(point: Point | undefined, place: Place): boolean {
  const isBetween = (at: number, start: number, length: number) =>
    at >= start - 0.5 && at <= start + length + 0.5
  return (
    point !== undefined &&
    isBetween(point.x, place.x, place.width) &&
    isBetween(point.y, place.y, place.height)
  )
}

function lines(points: readonly Point[]): readonly Place[] {
  const length = (value: number) => Math.abs(Math.round(value * 100) / 100)
  return points.slice(1).map((to, at) => {
    const from = points[at] ?? to
    const start = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y) }
    return { ...start, width: length(to.x - from.x), height: length(to.y - from.y) }
  })
}

describe('the layout of a chart', () => {
  test.each(CHARTS)(
    '%s: every state has its place within its parent, every transition its way',
    async (_, chart) => {
      for (const direction of ['DOWN', 'RIGHT'] as const) {
        const { figure, drawing } = await drawn(chart, direction)
        for (const box of figure.boxes.values()) {
          const place = drawing.boxes.get(box.state.id) ?? expect.fail(`${box.state.id} has no place`)
          expect(place.width).toBeGreaterThanOrEqual(box.width)
          expect(place.height).toBeGreaterThanOrEqual(box.height)
          const parent = box.parent === undefined ? undefined : drawing.boxes.get(box.parent.state.id)
          if (parent === undefined || box.parent === undefined) continue
          expect(place.x).toBeGreaterThanOrEqual(parent.x)
          // Below the head of it, which has its name and rows.
          expect(place.y).toBeGreaterThanOrEqual(parent.y + box.parent.height)
          expect(place.x + place.width).toBeLessThanOrEqual(parent.x + parent.width)
          expect(place.y + place.height).toBeLessThanOrEqual(parent.y + parent.height)
        }
        for (const { id } of figure.edges) expect(drawing.edges.get(id)?.points.length).toBeGreaterThan(1)
      }
    },
  )

  test.each([...CHARTS, ['greenhouse', GREENHOUSE] as const, ['nested', NESTED] as const])(
    '%s: no way runs through a name, a row, or the label of another',
    async (_, chart) => {
      for (const [direction, stacks] of WAYS) {
        const { figure, drawing, heads } = await drawn(chart, direction, stacks)
        const texts = [...figure.boxes.values()].map((box): readonly [string, Place] => {
          const place = drawing.boxes.get(box.state.id) ?? expect.fail('no place')
          const x = place.x + (heads.at.get(box.state.id) ?? 0)
          return [
            box.state.id,
            box.children.length === 0 ? place : { ...place, x, width: box.head, height: box.height },
          ]
        })
        const labels = figure.edges.flatMap(({ id }): readonly (readonly [string, Place])[] => {
          const label = drawing.edges.get(id)?.label
          return label === undefined ? [] : [[id, label]]
        })
        for (const { id } of figure.edges)
          for (const line of lines(drawing.edges.get(id)?.points ?? []))
            for (const [what, place] of [...texts, ...labels])
              if (what !== id && meet(line, place)) expect.fail(`${id} runs through ${what}`)
      }
    },
  )

  test('the parts of a parallel state stand in the order in which they are written, and begin at one line', async () => {
    const of = async (direction: Direction, stacks: boolean) => {
      const { drawing } = await drawn(GREENHOUSE, direction, stacks)
      const parts = ['heating', 'watering', 'shading'].map((part) => `greenhouse.open.${part}`)
      return parts.map((id) => drawing.boxes.get(id) ?? expect.fail(`${id} has no place`))
    }
    for (const [direction, stacks] of WAYS) {
      const parts = await of(direction, stacks)
      const isDown = direction === 'RIGHT' || stacks
      const starts = parts.map(({ x, y }) => (isDown ? y : x))
      expect(starts).toEqual([...starts].sort((a, b) => a - b))
      if (stacks) continue
      // But for what leads around the one with the way from outside.
      const edges = parts.map(({ x, y }) => (isDown ? x : y))
      expect(Math.max(...edges) - Math.min(...edges)).toBeLessThan(12)
    }
  })

  test('a state that is folded hides what is in it, and takes the transitions that cross its edge', () => {
    const chart = around(LIFECYCLE, chartOf(transferMachine))
    const figure = figureOf(chart, new Set([mark('service.running')]), measure)
    expect(figure.boxes.size).toBe(statesOf(LIFECYCLE).length)
    expect(figure.boxes.get(mark('service.running'))?.folded).toBe(statesOf(chartOf(transferMachine)).length)
    const ids = new Set(figure.boxes.keys())
    for (const { source, target } of figure.edges)
      expect([ids.has(source), ids.has(target)]).toEqual([true, true])
  })

  const next = (at: number, count: number) => ({
    on: { NEXT: `s${(at + 1) % count}`, JUMP: `s${(at * 7) % count}` },
  })
  const flat = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, next(at, count)]))
  const groups = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `g${at}`,
        {
          initial: 's0',
          on: { BACK: { target: '.s3' }, OTHER: `#large.g${(at * 3) % count}.s2` },
          states: {
            ...flat(9),
            last: { on: { OUT: `#large.g${(at + 1) % count}`, UP: { target: `#large.g${at}` } } },
          },
        },
      ]),
    )
  const large = (count: number) => chartOfConfig({ id: 'large', initial: 'g0', states: groups(count) })

  test.each([
    ['200 states beside one another', chartOfConfig({ id: 'wide', initial: 's0', states: flat(200) })],
    ['220 in groups, with ways between them', large(20)],
  ] as const)(
    '%s: boxes stand apart, and every way leads from its source around them to its target',
    (_, chart) => {
      for (const direction of ['DOWN', 'RIGHT'] as const) {
        const figure = figureOf(chart, new Set(), measure)
        expect(figure.isLarge).toBe(true)
        const drawing = laidOutInRows(figure, direction)
        const boxes = [...figure.boxes.values()]
        const leaves = boxes.filter(({ children }) => children.length === 0)
        const place = (id: string) => drawing.boxes.get(id) ?? expect.fail(`${id} has no place`)
        for (const box of boxes) {
          if (box.parent === undefined) continue
          const [inner, outer] = [place(box.state.id), place(box.parent.state.id)]
          expect([inner.width >= box.width, inner.height >= box.height]).toEqual([true, true])
          expect(isIn(inner, outer, box.parent.height)).toBe(true)
        }
        for (const box of leaves)
          for (const other of leaves)
            if (box !== other && meet(place(box.state.id), place(other.state.id)))
              expect.fail(`${box.state.id} is upon ${other.state.id}`)
        for (const { id, source, target } of figure.edges) {
          const points = drawing.edges.get(id)?.points ?? expect.fail(`${id} has no way`)
          expect([isAt(points[0], place(source)), isAt(points.at(-1), place(target))]).toEqual([true, true])
          for (const line of lines(points)) {
            expect(line.width === 0 || line.height === 0).toBe(true)
            for (const { state } of leaves)
              if (meet(line, place(state.id))) expect.fail(`${id} runs through ${state.id}`)
          }
        }
      }
    },
  )

  test('1,000 states in groups begin folded, with one way between two of them', () => {
    const chart = large(90)
    const figure = figureOf(chart, foldedAtFirst(chart), measure)
    expect(figure.boxes.size).toBe(91)
    const pairs = figure.edges.map(({ source, target }) => `${source} ${target}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    const out = figure.edges.filter(({ source }) => source === 'large.g1')
    expect(out.map(({ target, transitions }) => [target, transitions.map(({ event }) => event)])).toEqual([
      ['large.g1', ['BACK']],
      ['large.g3', ['OTHER']],
      ['large.g2', ['OUT']],
    ])
    // What leads out of a state stands in its box, with where it leads.
    expect(figure.boxes.get('large.g1')?.rows.map(({ text }) => text)).toEqual(['BACK → s3', 'OTHER → s2'])
  })

  test('an arrow key goes to the nearest state in its direction, into boxes and out of them', async () => {
    const { figure, drawing } = await drawn(chartOf(transferMachine), 'DOWN')
    const { root } = figure
    expect(nextState('transfer.measuring', 'ArrowDown', root, drawing)).toBe('transfer.copying')
    expect(nextState('transfer.copying', 'ArrowUp', root, drawing)).toBe('transfer.measuring')
    expect(nextState('', 'ArrowDown', root, drawing)).toBe('transfer')
    expect(nextState('transfer', 'ArrowDown', root, drawing)).toBe('transfer.measuring')
    expect(nextState('transfer.measuring', 'ArrowUp', root, drawing)).toBe('transfer')
    expect(nextState('transfer', 'ArrowUp', root, drawing)).toBeUndefined()
    // By left and right alone each of them is come by, and none outside of their box.
    const keys = root.children.map(({ state }) => state.id)
    const seen = new Set<string>()
    for (const arrow of ['ArrowRight', 'ArrowLeft'] as const)
      for (let at: string | undefined = 'transfer.measuring', steps = 0; at && steps < 30; steps++) {
        seen.add(at)
        at = nextState(at, arrow, root, drawing)
      }
    expect([...seen].filter((id) => !keys.includes(id))).toEqual([])
  })

  test('what a step took is found by source, event, guard and targets', () => {
    const { root } = LIFECYCLE
    const revived = (targets: readonly string[], guard?: string) => {
      const transition = { source: 'service.resuming', targets, ...(guard !== undefined && { guard }) }
      return takenIn(root, [{ event: 'lifecycle.revived', transitions: [transition] }])
    }
    expect(revived(['service.paused'], 'held')).toEqual(['service.resuming|on lifecycle.revived|1'])
    expect(revived(['service.running'])).toEqual(['service.resuming|on lifecycle.revived|2'])
    expect(revived(['service.nowhere'])).toEqual([])
    const always = { source: 'service.paused', targets: ['service.resuming'], guard: 'free' }
    expect(takenIn(root, [{ event: '', transitions: [always] }])).toEqual(['service.paused|always|0'])
  })
})
