import { expect, test } from 'vitest'
import type { Happening } from '../../src/inspect/stream/entry.js'
import { Moments } from '../../visualizer/src/store/moments.js'
import { standstillOf } from '../../visualizer/src/store/standstill.js'

const begun: Happening = { kind: 'service', definition: 'kettle', version: 1, chart: '', lifecycleChart: '' }
const revived: Happening = { kind: 'revived', fresh: false, slept: false, checkpoint: 1 }
const lifecycle = (state: string): Happening => ({ kind: 'lifecycle', state, event: 'e' })
const commit = (durationMs: number, ok = true): Happening => ({
  kind: 'commit',
  ok,
  checkpoint: 1,
  epoch: 1,
  phase: 'running',
  size: 1,
  durationMs,
  upTo: 1,
})

/** From when on timers stand still after these, of which one happens each 100 ms. */
function standstill(...happenings: readonly Happening[]): number | undefined {
  const moments = new Moments()
  for (const [at, happening] of happenings.entries()) {
    const entry = { ...happening, sequence: at + 1, atMs: at * 100, key: 'kitchen' }
    moments.add({ type: 'entry', incarnation: 'p', entry })
  }
  return standstillOf(moments, moments.length - 1)
}

const running = [begun, revived, lifecycle('running')]

test('timers of an interrupted service stand still since the capture of its newest checkpoint, or since its life began', () => {
  expect(standstill(...running, commit(20), lifecycle('checkpointing'), commit(1, false))).toBe(280)
  expect(standstill(...running, commit(20), ...running)).toBe(500)
})

test('those of a service at rest since it came to rest, whatever was written since, or since they were told anew', () => {
  const paused = [...running, commit(20), lifecycle('paused'), commit(20), lifecycle('stopped'), commit(9)]
  expect(standstill(...paused)).toBe(400)
  expect(standstill(...paused, begun, revived, lifecycle('paused'), commit(9))).toBe(1000)
})

test('and of what was not recorded nobody knows it', () => {
  expect(standstill()).toBe(undefined)
  const moments = new Moments()
  const lists = { holds: [], actors: [], timers: [], inbox: [], outbox: [] }
  const state = {
    definition: 'kettle',
    version: 1,
    chart: '',
    lifecycleChart: '',
    lifecycle: 'running',
    ...lists,
  }
  moments.add({ type: 'base', incarnation: 'p', sequence: 1, state })
  expect(standstillOf(moments, 0)).toBe(undefined)
})
