// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import type { Happening } from '../../src/inspect/stream/entry.js'
import { lineText } from '../../visualizer/src/panes/line-text.js'
import { type Kind, Lines, pauseText } from '../../visualizer/src/panes/lines.js'
import { isUndone } from '../../visualizer/src/panes/lives.js'
import { Moments } from '../../visualizer/src/store/moments.js'

/** A history that is told as processes tell it, a second between two lives. */
class History {
  readonly moments = new Moments()
  #atMs = 0
  #process = 0
  #sequence = 0

  add(...all: readonly Happening[]): void {
    for (const happening of all) {
      const entry = { ...happening, sequence: ++this.#sequence, atMs: this.#atMs, key: 'k' }
      this.moments.add({ type: 'entry', incarnation: `p${this.#process}`, entry })
    }
  }

  /** Another process, which tells what comes of it. */
  life(...then: readonly Happening[]): void {
    this.#process++
    this.#sequence = 0
    this.#atMs += 5000
    this.add(CAME, lifecycle('resuming', 'xstate.init'), ...then)
  }

  lines(hidden: readonly Kind[] = []): readonly string[] {
    const lines = new Lines(this.moments, 0, new Set(hidden), '')
    // As they come, and after that all at once.
    lines.goOn()
    return [...lines.list, ...(lines.tail === undefined ? [] : [lines.tail])].map((line) => {
      if (line.type === 'pause') return pauseText(line, this.moments)
      const moment = line.type === 'moment' ? this.moments.at(line.index) : undefined
      return moment === undefined ? '' : lineText(moment, this.moments)
    })
  }

  get undone(): readonly string[] {
    return this.moments
      .all()
      .flatMap((moment, index) => (isUndone(this.moments, index) ? [lineText(moment, this.moments)] : []))
  }
}

const CAME: Happening = { kind: 'service', definition: 'd', version: 1, chart: '', lifecycleChart: '' }
const lifecycle = (state: string, event: string): Happening => ({ kind: 'lifecycle', state, event })
const revived = (checkpoint: number): Happening => ({
  kind: 'revived',
  fresh: checkpoint === 0,
  slept: false,
  checkpoint,
})
const press: Happening = { kind: 'event', to: [], event: { type: 'PRESS' } }
const commit = (checkpoint: number, epoch: number): Happening => ({
  kind: 'commit',
  ok: true,
  checkpoint,
  epoch,
  phase: 'running',
  size: 9,
  durationMs: 1,
  upTo: 1,
})

test('between two lives stands which checkpoints were not recorded, and no silence', () => {
  const history = new History()
  history.life(revived(0), commit(1, 1), commit(2, 1))
  history.life(revived(4))
  expect(history.lines().slice(5, 8)).toEqual([
    'checkpoints 3 to 4 were not recorded, over 5 s',
    'd version 1 came into this process',
    'resuming   xstate.init',
  ])
  history.life(revived(4))
  history.life(revived(5))
  expect(history.lines().filter((line) => /record|nothing/.test(line))).toEqual([
    'checkpoints 3 to 4 were not recorded, over 5 s',
    'nothing for 5 s',
    'checkpoint 5 was not recorded, over 5 s',
  ])
  // Also where the filter hides the moment that tells it, and all that follows.
  expect(history.lines(['lifecycle'])).toEqual([
    '3 moments hidden',
    expect.stringContaining('checkpoint 1'),
    expect.stringContaining('checkpoint 2'),
    'checkpoint 5 was not recorded, 9 moments hidden, over 15 s',
  ])
})

test('so it is as the lines are made on, and where no time lies between', () => {
  const history = new History()
  history.add(CAME, revived(0), commit(1, 1))
  const lines = new Lines(history.moments, 0, new Set(), '')
  lines.goOn()
  history.add(CAME)
  lines.goOn()
  history.add(revived(3), commit(4, 3))
  lines.goOn()
  const told = lines.list.map((line) =>
    line.type === 'pause' ? pauseText(line, history.moments) : line.type === 'moment' ? line.index : -1,
  )
  expect(told).toEqual([0, 1, 2, 'checkpoints 2 to 3 were not recorded', 3, 4, 5])
})

test('where the newest checkpoint was set aside that is told, and what no longer counts is marked', () => {
  const history = new History()
  history.life(revived(0), commit(1, 1), press, commit(2, 1), press, commit(3, 1))
  history.life(lifecycle('failed', 'lifecycle.failed'))
  expect(history.undone).toEqual([])
  history.add(lifecycle('resuming', 'lifecycle.retry'), revived(1))
  expect(history.lines().at(-1)).toBe('checkpoints 2 to 3 were set aside: goes on from checkpoint 1')
  const checkpoint = expect.stringContaining('checkpoint')
  expect(history.undone).toEqual(['PRESS', checkpoint, 'PRESS', checkpoint])
  // Their numbers come again, and those count.
  history.add(commit(2, 2), press)
  history.life(revived(2))
  expect(history.undone.length).toBe(4)
})

test('in a store that is an older one, what was recorded after its checkpoint is lost', () => {
  const history = new History()
  history.life(revived(0), commit(1, 1), press, commit(2, 1))
  history.life(revived(1))
  expect(history.lines().at(-1)).toBe(
    'goes on from checkpoint 1: the store went back, and checkpoint 2 is lost',
  )
  expect(history.undone).toHaveLength(2)
  // One that was removed has no checkpoint that is lost.
  history.add({ kind: 'removed' })
  history.life(revived(0))
  expect(history.undone).toHaveLength(2)
})
