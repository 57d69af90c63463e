import 'tardigrade/testing/vitest'
import { reportPage, verifyInterruptions } from 'tardigrade/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { createMachine, fromPromise, setup } from 'xstate'
import { gate, thrownBy } from './machines.js'

type Report = Awaited<ReturnType<typeof verifyInterruptions>>

const desk = setup({ actors: { charge: fromPromise(async () => 0) } }).createMachine({
  id: 'desk',
  initial: 'open',
  states: {
    open: { on: { PAY: 'paying' } },
    paying: { invoke: { src: 'charge', id: 'charge', onDone: 'paid' } },
    paid: {},
  },
})

describe('a report', () => {
  let full: Report
  let sparse: Report

  beforeAll(async () => {
    full = await verifyInterruptions(gate, { mode: 'exhaustive', kinds: ['pause', 'sleep', 'crash'] })
    sparse = await verifyInterruptions(gate, { runs: 1, seed: 1, kinds: ['pause', 'kill'], mostSteps: 1 })
  })

  test('as text: a line for each state and what comes next, a column for each kind', () => {
    const lines = `${full}`.split('\n')
    expect(lines[0]).toMatch(
      /^gate, version 1: \d+ plans, \d+ steps compared, every state, interruption and next event\.$/,
    )
    expect(lines).toContain('4 states were told apart.')
    expect(lines).toContain('No cell of 15 is empty.')
    expect(lines.slice(-6).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['state', 'next'],
      ['shut', 'KNOCK'],
      ['shut', 'SHUT'],
      ['open', 'KNOCK'],
      ['open', 'SHUT'],
      ['open', 'time'],
    ])
    expect(`${sparse}`).toMatch(/^shut +KNOCK .*EMPTY/m)
    expect(`${sparse}`).toMatch(/^\d of 4 cells are empty\.$/m)
    expect(`${sparse}`).toMatch(
      /^Never reached: gate\.open\. It is 3 steps away, and plans have at most 1 .*: give more `mostSteps`\.$/m,
    )
  })

  test('says of what works that it cannot sleep, and calls that no empty cell', async () => {
    const working = createMachine({
      id: 'working',
      invoke: { src: 'work', id: 'work' },
      on: { GO: {} },
    }).provide({ actors: { work: (await import('xstate')).fromCallback(() => {}) } })
    const report = await verifyInterruptions(working, {
      mode: 'exhaustive',
      kinds: ['sleep', 'pause'],
      actors: { work: { sends: [] } },
    })
    expect(report.matrix.cells()).toEqual([
      { state: '(no states)', kind: 'sleep', next: 'GO', count: 0, cannot: true },
      { state: '(no states)', kind: 'pause', next: 'GO', count: 1, cannot: false },
    ])
    expect(report).toCoverEveryState()
  })

  test('says why a state was never reached, and what helps', async () => {
    const merged = await verifyInterruptions(gate, {
      mode: 'exhaustive',
      kinds: ['kill'],
      key: () => 1,
      depth: 1,
    })
    expect(`${merged}`).toMatch(/^1 states were told apart by `key`\.$/m)
    expect(`${merged}`).toMatch(
      /^Never reached: gate\.open\. Neither .*`events` .*; or a `key` that keeps more, .*; or a `depth` of more than 1\.$/m,
    )
    const paid = (afterMs: number) =>
      verifyInterruptions(desk, {
        mode: 'exhaustive',
        kinds: ['kill'],
        actors: { charge: { resolves: 1, afterMs } },
      })
    const atOnce = await paid(0)
    expect(atOnce.figures).toMatchObject({ neverReached: ['desk.paying'], answeredAtOnce: ['desk.paying'] })
    expect(`${atOnce}`).toMatch(/^Never reached: desk\.paying\. .*answers at once, .*`afterMs`\.$/m)
    expect(`${await paid(5)}`).not.toContain('Never reached')
  })

  test('of given sequences: what was cut of each, and where it was; no matrix', async () => {
    const report = await verifyInterruptions(desk, {
      mode: 'crashPoints',
      actors: { charge: { resolves: 1, afterMs: 5 } },
      sequences: [[{ type: 'PAY' }], [{ type: 'PAY' }, { do: 'advance', ms: 5 }]],
    })
    const text = `${report}`
    expect(text).toMatch(
      /^Sequence 1: send {"type":"PAY"}\. \d+ moments around commits and \d+ around effects; it was in open, paying\.$/m,
    )
    expect(text).toMatch(/^Sequence 2: send {"type":"PAY"}; 5 ms pass\. .* it was in open, paying, paid\.$/m)
    expect(text).not.toMatch(/cell|EMPTY|^state/m)
    expect(reportPage(report)).not.toContain('<table>')
    expect(reportPage(report)).toContain('it was in open, paying, paid.')
    const { sequences = [], crashPoints } = report.figures
    expect(sequences.map(({ commits }) => commits).reduce((one, other) => one + other)).toBe(
      crashPoints?.commits,
    )
  })

  test('as JSON: the figures, and every cell', () => {
    const json = JSON.parse(JSON.stringify(full))
    expect(json).toMatchObject({ service: 'gate', mode: 'exhaustive', states: 4, empty: 0 })
    expect(json.cells).toEqual(full.matrix.cells())
    expect(json.cells).toHaveLength(15)
  })

  test('as a page that stands alone, in which no name becomes markup', async () => {
    const name = '<img src=x onerror=alert(1)>"&'
    const nasty = createMachine({ id: name, initial: name, states: { [name]: { on: { [name]: {} } } } })
    const page = reportPage(await verifyInterruptions(nasty, { mode: 'exhaustive', kinds: ['kill'] }))
    expect(page).not.toContain('<img')
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;&#34;&#38;')
    expect(page).not.toMatch(/<script|<link|https?:|src=["']/)
    expect(page).toContain("default-src 'none'")
    expect(reportPage(sparse)).toContain('<td class="empty">EMPTY</td>')
    expect(reportPage(full)).not.toContain('>EMPTY</td>')
    expect(reportPage(full)).toBe(reportPage(full.toJSON()))
  })

  test('the matcher takes a report without an empty cell, and names what another lacks', async () => {
    expect(full).toCoverEveryState()
    expect(sparse).not.toCoverEveryState()
    const refused = await thrownBy(Promise.resolve().then(() => expect(sparse).toCoverEveryState()))
    expect((refused as Error).message).toContain('never reached: gate.open')
    expect((refused as Error).message).toMatch(/empty: shut × (pause|kill) × (KNOCK|SHUT)/)
    expect((refused as Error).message).toContain("Try mode: 'exhaustive'")
    // A key that does not tell how often it was knocked at never comes to the third time.
    const merged = await verifyInterruptions(gate, { mode: 'exhaustive', kinds: ['kill'], key: () => 1 })
    const stopped = await thrownBy(Promise.resolve().then(() => expect(merged).toCoverEveryState()))
    expect((stopped as Error).message).toContain('never reached: gate.open')
    expect((stopped as Error).message).toMatch(/With `key`, two moments that it does not tell apart/)
    expect((stopped as Error).message).not.toMatch(/Try mode|`depth`/)
    const short = await verifyInterruptions(gate, { mode: 'exhaustive', kinds: ['kill'], depth: 1 })
    const ended = await thrownBy(Promise.resolve().then(() => expect(short).toCoverEveryState()))
    expect((ended as Error).message).toContain('A `depth` of 1 ends before: give more.')
    expect((ended as Error).message).not.toContain('`key`')
    expect(() => expect(full).not.toCoverEveryState()).toThrow('expected gate not to be interrupted')
    expect(() => expect({}).toCoverEveryState()).toThrow('expected a report')
  })
})
