import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf } from '../../src/inspect/chart/chart-of.js'
import { mermaidOf } from '../../visualizer/src/exports/mermaid.js'
import { traceOf } from '../../visualizer/src/exports/trace.js'
import { Store } from '../../visualizer/src/store/store.js'
import { messagesIn } from '../../visualizer/src/transport/recorded.js'
import { demo } from './kit/demo.js'

test('a trace that was saved shows the same services with the same moments', async () => {
  const store = new Store()
  for (const message of (await demo()).messages) store.apply(message)
  const again = new Store()
  for (const message of messagesIn(JSON.stringify(traceOf(store)))) again.apply(message)
  expect([...again.services.keys()].sort()).toEqual([...store.services.keys()].sort())
  for (const [key, { moments, state }] of store.services) {
    expect(again.services.get(key)?.state).toEqual(state)
    expect(again.services.get(key)?.moments.all()).toEqual(moments.all())
  }
  expect([...again.charts]).toEqual([...store.charts])
})

test('one of a page that has let moments go begins with how the services stood', async () => {
  const store = new Store(400)
  for (const message of (await demo()).messages) store.apply(message)
  const again = new Store()
  for (const message of traceOf(store).messages) again.apply(message)
  for (const [key, { state }] of store.services) expect(again.services.get(key)?.state).toEqual(state)
})

test('a chart as Mermaid has its states, beginnings, regions and transitions, and nothing that Mermaid reads as its own', () => {
  const machine = createMachine({
    id: 'm',
    type: 'parallel',
    states: {
      a: {
        initial: 'x',
        states: { x: { on: { GO: { target: 'y', guard: 'ready', actions: 'act' } } }, y: { type: 'final' } },
      },
      '<b>"; end': { on: { STAY: { actions: 'b: --> c' } } },
    },
  })
  expect(mermaidOf(chartOf(machine))).toBe(`stateDiagram-v2
  state "m" as s0
  state s0 {
    state "a" as s1
    state s1 {
      [*] --> s2
      state "x" as s2
      state "y" as s3
      s3 --> [*]
    }
    --
    state "#60;b#62;#34;#59; end" as s4
  }
  s2 --> s3 : GO [ready] / act
  s4 --> s4 : STAY / b#58; --#62; c
`)
})
