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
import { type Direction, drawingOf, graphOf } from '../../visualizer/src/chart/graph.js'
import { takenIn } from '../../visualizer/src/chart/live.js'
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

const measure = (text: string) => text.length * 6.5

async function drawn(chart: Chart, direction: Direction, folded: ReadonlySet<string> = new Set()) {
  const figure = figureOf(chart, folded, measure)
  return { figure, drawing: drawingOf(await new Elk().layout(graphOf(figure, direction))) }
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

  test('a state that is folded hides what is in it, and takes the transitions that cross its edge', () => {
    const chart = around(LIFECYCLE, chartOf(transferMachine))
    const figure = figureOf(chart, new Set([mark('service.running')]), measure)
    expect(figure.boxes.size).toBe(statesOf(LIFECYCLE).length)
    expect(figure.boxes.get(mark('service.running'))?.folded).toBe(statesOf(chartOf(transferMachine)).length)
    const ids = new Set(figure.boxes.keys())
    for (const { source, target } of figure.edges)
      expect([ids.has(source), ids.has(target)]).toEqual([true, true])
  })

  test('70 states beside one another are laid out, and 1,000 in groups begin folded', async () => {
    const next = (at: number, count: number) => ({
      on: { NEXT: `s${(at + 1) % count}`, JUMP: `s${(at * 7) % count}` },
    })
    const flat = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, next(at, count)]))
    const wide = chartOfConfig({ id: 'wide', initial: 's0', states: flat(70) })
    expect(foldedAtFirst(wide).size).toBe(0)
    const { drawing } = await drawn(wide, 'DOWN')
    expect(drawing.boxes.has('wide.s69')).toBe(true)
    const groups = Array.from({ length: 100 }, (_, at) => [`g${at}`, { initial: 's0', states: flat(9) }])
    const large = chartOfConfig({ id: 'large', initial: 'g0', states: Object.fromEntries(groups) })
    expect(figureOf(large, foldedAtFirst(large), measure).boxes.size).toBe(101)
  }, 60_000)

  test('an arrow key goes to the nearest state in its direction', async () => {
    const { figure, drawing } = await drawn(chartOf(transferMachine), 'DOWN')
    const ids = [...figure.boxes.keys()]
    expect(nextState('transfer.measuring', 'ArrowDown', ids, drawing)).toBe('transfer.copying')
    expect(nextState('transfer.copying', 'ArrowUp', ids, drawing)).toBe('transfer.measuring')
    expect(nextState('', 'ArrowDown', ids, drawing)).toBe('transfer')
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
