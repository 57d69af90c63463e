import { expect, test } from 'vitest'
import type { CheckpointRecord } from '../../../src/checkpoint/record.js'
import { HIDE_NOTHING, hiding } from '../../../src/inspect/redact.js'
import { stateIn } from '../../../src/inspect/stored/stored-state.js'

const record: CheckpointRecord = {
  format: 1,
  service: 'kettle',
  key: 'kitchen',
  version: 2,
  machine: 'kettle',
  structure: 'x',
  incarnation: 'i',
  sequence: 9,
  epoch: 3,
  savedAtMs: 1000,
  phase: 'paused',
  holds: ['user'],
  root: {
    id: 'kettle',
    src: '',
    snapshot: {
      status: 'active',
      value: 'hot',
      context: { cups: 2, secret: 's1' },
      historyValue: {},
      nodes: ['kettle', 'kettle.hot'],
    },
    children: [
      { id: 'copy', src: 'copies', workKey: 'w', snapshot: { status: 'active', input: { secret: 's2' } } },
    ],
  },
  timers: [
    {
      source: [],
      target: ['copy'],
      id: 't',
      event: { type: 'COOL' },
      delayMs: 5000,
      dueAtMs: 5500,
      remainingMs: 4500,
      policy: 'remaining',
    },
  ],
  inbox: [
    { event: { type: 'POUR' }, atMs: 900, key: 'e1' },
    { event: { type: 'HEAT' }, atMs: 901 },
  ],
  outbox: [
    { key: 'k1', kind: 'action', actor: [], type: 'ring', params: { secret: 's3' }, event: { type: 'HEAT' } },
    { key: 'k2', kind: 'emit', actor: ['copy'], type: 'TOLD', event: { type: 'HEAT' } },
  ],
  eventKeys: [],
  failure: { name: 'Error', message: 'boiled over', atMs: 800 },
}

test('a checkpoint tells all that is told of a living service: actors, timers, inbox, outbox, holds and failure', () => {
  expect(stateIn(record, HIDE_NOTHING)).toEqual({
    definition: 'kettle',
    version: 2,
    lifecycle: 'paused',
    failure: { name: 'Error', message: 'boiled over', atMs: 800 },
    revivedFrom: 9,
    holds: [{ hold: 'user', by: 'program', asker: 'unrecorded' }],
    actors: [
      {
        actor: [],
        logic: '',
        snapshot: { status: 'active', value: 'hot', context: { cups: 2, secret: 's1' } },
      },
      { actor: ['copy'], logic: 'copies', snapshot: { status: 'active', input: { secret: 's2' } } },
    ],
    timers: [
      {
        actor: [],
        id: 't',
        target: ['copy'],
        event: { type: 'COOL' },
        delayMs: 5000,
        dueAtMs: 5500,
        remainingMs: 4500,
        policy: 'remaining',
      },
    ],
    inbox: [{ event: { type: 'POUR' }, eventKey: 'e1' }, { event: { type: 'HEAT' } }],
    outbox: [
      {
        effect: 1,
        effectKind: 'action',
        actor: [],
        name: 'ring',
        params: { secret: 's3' },
        running: false,
        effectKey: 'k1',
      },
      { effect: 2, effectKind: 'emit', actor: ['copy'], name: 'TOLD', running: false, effectKey: 'k2' },
    ],
  })
})

test('and hides what is to be hidden', () => {
  expect(JSON.stringify(stateIn(record, hiding(['secret', 'message'])))).not.toMatch(/s1|s2|s3|boiled/)
})
