import { expect, test } from 'vitest'
import { RecordingReader } from '../../../src/inspect/files/recording-reader.js'
import { HIDE_NOTHING } from '../../../src/inspect/redact.js'
import { Journal } from '../../../src/inspect/stream/journal.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'

const stood: ServiceState = {
  definition: 'lamp',
  version: 1,
  chart: 'a',
  lifecycleChart: 'b',
  lifecycle: 'running',
  asleep: false,
  revivedFrom: 2,
  holds: [{ hold: 'user', by: 'program', asker: 'page' }],
  actors: [{ actor: [], logic: '', chart: 'a', snapshot: { value: 'on' } }],
  timers: [
    { actor: [], id: 'a', target: [], event: { type: 'GO' }, delayMs: 1, dueAtMs: 2, policy: 'deadline' },
  ],
  inbox: [{ event: { type: 'GO' }, eventKey: 'once' }],
  outbox: [{ effect: 1, effectKind: 'action', actor: [], name: 'tell', running: false }],
  armed: { state: 'on', by: 'page' },
  commit: { checkpoint: 3, epoch: 1, phase: 'running', size: 9, durationMs: 1, upTo: 4 },
}

/** What a file tells that begins with how a service stood: its bases, and why what was before is missing. */
function toldOf(state: unknown) {
  const journal = new Journal(1_000_000)
  const reader = new RecordingReader(journal, '000000001-00000000-000001.jsonl', HIDE_NOTHING)
  const lines = [
    { type: 'incarnation', incarnation: '000000001-00000000', pid: 1, startedAtMs: 1 },
    { type: 'base', incarnation: '000000001-00000000', sequence: 4, key: 'k', state },
    { sequence: 5, atMs: 1, key: 'k', kind: 'event', to: [], event: { type: 'GO' } },
  ]
  reader.read(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const [segment] = journal.chapters[0]?.segments ?? []
  return [segment?.base.length, segment?.reason]
}

test('how a service stood is passed on where it has all that it must have, and nothing is of another shape', () => {
  expect(toldOf(stood)).toEqual([1, 'budget'])
  const { definition, version, chart, lifecycleChart, holds, actors, timers, inbox, outbox } = stood
  const least = { definition, version, chart, lifecycleChart, holds, actors, timers, inbox, outbox }
  expect(toldOf(least)).toEqual([1, 'budget'])
  // A newer process may say more.
  expect(toldOf({ ...least, more: 1 })).toEqual([1, 'budget'])
  for (const name of Object.keys(least))
    expect(toldOf({ ...least, [name]: undefined })).toEqual([0, 'damaged'])
})

test.each([
  { definition: { a: 1 } },
  { lifecycle: [1] },
  { actors: [null] },
  { actors: [{ actor: 'x', logic: '', snapshot: 7 }] },
  { actors: [{ actor: [], logic: '', chart: 7, snapshot: 7 }] },
  { holds: ['user'] },
  { timers: [{ id: 3 }] },
  { inbox: [null] },
  { outbox: [{}] },
  { armed: { state: 7, by: 'page' } },
  { commit: 7 },
  { revivedFrom: 'first' },
])('one that stood otherwise is missing, as an entry of another shape is: %j', (otherwise) => {
  expect(toldOf({ ...stood, ...otherwise })).toEqual([0, 'damaged'])
})
