import { expect, test } from 'vitest'
import { eventOf, type Field, fieldsSeen, moved } from '../../visualizer/src/store/event-form.js'
import { Store } from '../../visualizer/src/store/store.js'
import { lampMachine } from './kit/demo.js'
import { Recording } from './kit/recording.js'

test('fields are those that events of the type have had, with their kinds; what some lacked may be left out', () => {
  const recording = new Recording()
  const lamp = recording.service('hall', lampMachine()).start()
  lamp.send({ type: 'PRESS', by: 'Ann', times: 2, hard: true, at: { x: 1 }, mixed: 1 })
  lamp.send({ type: 'OTHER', elsewhere: 1 })
  lamp.send({ type: 'PRESS', by: 'Bob', times: 3, hard: false, at: null, mixed: 'a' })
  lamp.send({ type: 'PRESS', by: 'Cid', note: 'x', times: 3, hard: false, at: [], mixed: 'a' })
  const store = new Store()
  for (const message of recording.messages) store.apply(message)
  const { moments } = store.services.get('hall') ?? expect.fail('no service')
  expect(fieldsSeen(moments, 'PRESS')).toEqual([
    { name: 'by', kind: 'text', isOptional: false, last: 'Cid' },
    { name: 'note', kind: 'text', isOptional: true, last: 'x' },
    { name: 'times', kind: 'number', isOptional: false, last: '3' },
    { name: 'hard', kind: 'yes or no', isOptional: false, last: 'false' },
    { name: 'at', kind: 'JSON', isOptional: false, last: '[]' },
    { name: 'mixed', kind: 'JSON', isOptional: false, last: '"a"' },
  ])
  expect(fieldsSeen(moments, 'NEVER')).toEqual([])
})

test('an event that no server takes is told before it is sent', () => {
  const said = eventOf('PRESS', [], new Map(), JSON.stringify({ text: 'x'.repeat(1_100_000) }))
  expect('problems' in said && said.problems.get('more')).toBe(
    'The event has 1,100,026 characters; 1,000,000 are taken.',
  )
})

const field = (name: string, kind: Field['kind'], isOptional = false): Field => ({
  name,
  kind,
  isOptional,
  last: '',
})
const fields = [
  field('by', 'text'),
  field('times', 'number'),
  field('hard', 'yes or no'),
  field('at', 'JSON'),
  field('note', 'text', true),
  field('count', 'number', true),
]

test('what was written is an event, of the kinds that the fields have', () => {
  const written = new Map([
    ['by', ''],
    ['times', '1e3'],
    ['hard', 'true'],
    ['at', '{"x":[1]}'],
  ])
  expect(eventOf('PRESS', fields, written, '{ "more": null }')).toEqual({
    event: { type: 'PRESS', by: '', times: 1000, hard: true, at: { x: [1] }, more: null },
  })
  const twice = eventOf('PRESS', fields, written, '{ "type": "NO" }')
  expect('problems' in twice && [...twice.problems]).toEqual([['more', 'The type stands above.']])
})

test('a field that nobody has written into is as it was last; one that may be left out is', () => {
  const last = [
    { ...field('by', 'text'), last: 'Ann' },
    { ...field('note', 'text', true), last: 'x' },
  ]
  expect(eventOf('PRESS', last, new Map(), '')).toEqual({ event: { type: 'PRESS', by: 'Ann' } })
})

test('a field that each event has had is left out where somebody says so, whatever it holds and whatever its kind', () => {
  const last = [
    { ...field('by', 'text'), last: 'Ann' },
    { ...field('times', 'number'), last: undefined },
    field('hard', 'yes or no'),
  ]
  const left = new Map([
    ['by', null],
    ['times', null],
    ['hard', null],
  ])
  expect(eventOf('PRESS', last, left, '')).toEqual({ event: { type: 'PRESS' } })
  // Written as JSON it is there all the same.
  expect(eventOf('PRESS', last, left, '{ "by": "Bob" }')).toEqual({ event: { type: 'PRESS', by: 'Bob' } })
})

test('what is written both into its field and as JSON is refused; what was emptied, or is left out, is written once', () => {
  const two = [field('by', 'text'), field('note', 'text', true)]
  const written = new Map([
    ['by', 'Cid'],
    ['note', ''],
  ])
  const said = eventOf('PRESS', two, written, '{ "by": "Bob", "note": "x" }')
  expect('problems' in said && [...said.problems]).toEqual([
    ['more', 'by stands above, too: leave it out of one of the two.'],
  ])
  expect(eventOf('PRESS', two, written, '{ "note": "x" }')).toEqual({
    event: { type: 'PRESS', by: 'Cid', note: 'x' },
  })
})

test('what stands in a field beforehand gives way to the same field written as JSON, and is nothing that was hidden', () => {
  const last = [{ ...field('by', 'text'), last: 'Ann' }]
  expect(eventOf('PRESS', last, new Map(), '{ "by": "Bob" }')).toEqual({
    event: { type: 'PRESS', by: 'Bob' },
  })
  const recording = new Recording()
  recording
    .service('hall', lampMachine())
    .start()
    .send({
      type: 'PRESS',
      by: '[redacted]',
      at: { pin: '[redacted]' },
      long: 'xx[3 characters more]',
      list: ['[9 more]'],
    })
  const store = new Store()
  for (const message of recording.messages) store.apply(message)
  const seen = fieldsSeen(store.services.get('hall')?.moments ?? expect.fail('no service'), 'PRESS')
  expect(seen.map(({ name, last }) => [name, last])).toEqual([
    ['by', undefined],
    ['at', undefined],
    ['long', undefined],
    ['list', undefined],
  ])
  const said = eventOf('PRESS', seen, new Map(), '')
  expect('problems' in said && [...said.problems.keys()]).toEqual(['by', 'at', 'long', 'list'])
})

test.each([
  ['times', 'times', ''],
  ['times', 'times', 'two'],
  ['times', 'times', 'Infinity'],
  ['hard', 'hard', ''],
  ['hard', 'hard', '1'],
  ['at', 'at', 'x'],
  ['count', 'count', '-'],
])('a wrong %s is told at its field, and nothing is sent', (_, name, text) => {
  const right = [
    ['times', '1'],
    ['hard', 'false'],
    ['at', '[]'],
  ] as const
  const said = eventOf('PRESS', fields, new Map([...right, [name, text]]), '')
  expect('problems' in said && [...said.problems.keys()]).toEqual([name])
})

test.each(['[1]', '5', 'null', '{'])('more fields that are no object are told: %s', (more) => {
  const said = eventOf('', [], new Map(), more)
  expect('problems' in said && [...said.problems.keys()]).toEqual(['type', 'more'])
})

test('what was written as JSON moves into the fields that come, as far as it is of their kinds, and does not stay beside', () => {
  const move = (more: string, written: readonly (readonly [string, string])[] = []) => {
    const text = moved(fields, { written: new Map(written), more })
    return [[...text.written], text.more]
  }
  expect(move('{ "by": "Ann", "times": 2, "hard": false, "at": { "x": 1 } }')).toEqual([
    [
      ['by', 'Ann'],
      ['times', '2'],
      ['hard', 'false'],
      ['at', '{"x":1}'],
    ],
    '',
  ])
  expect(move('{ "by": 5, "note": "x", "else": 1 }')).toEqual([[['note', 'x']], '{"by":5,"else":1}'])
  // What somebody has written into a field, too, stays in both places: which of the two they mean is theirs to say.
  expect(move('{ "by": "Ann" }', [['by', 'Bob']])).toEqual([[['by', 'Bob']], '{ "by": "Ann" }'])
  expect(move('{ "by": "Ann", "times": 2 }', [['by', 'Bob']])).toEqual([
    [
      ['by', 'Bob'],
      ['times', '2'],
    ],
    '{"by":"Ann"}',
  ])
  for (const more of ['', '{ "else": 1 }', '{ "by": ', '[1]']) expect(move(more)).toEqual([[], more])
})
