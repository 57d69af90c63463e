import fc from 'fast-check'

/** One change to a checkpoint's content as JSON. Numbers choose among the places that are there. */
export type Mutation =
  | { readonly do: 'remove'; readonly at: number }
  | { readonly do: 'replace'; readonly at: number; readonly by: unknown }
  | { readonly do: 'rename'; readonly at: number; readonly to: string }
  | { readonly do: 'copy'; readonly at: number; readonly from: number }
  | { readonly do: 'repeat'; readonly at: number; readonly times: number }
  | { readonly do: 'wrap'; readonly at: number; readonly depth: number }
  | { readonly do: 'annotate'; readonly at: number; readonly as: unknown }
  | { readonly do: 'equate'; readonly at: number; readonly to: number }

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  '',
  'a.b',
  'length',
  '0',
  'xstate$$type',
]

const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  '',
  '__proto__',
  'toString',
  'x'.repeat(10_000),
  '\u0000',
  '\ud800',
  [],
  {},
  [[]],
  Array(1000).fill(0),
  { xstate$$type: 1, id: 'kid0' },
  { type: 'xstate.done.actor.0.m.pay' },
  { sessionId: 'x:1', send: null, ref: null },
  Object.fromEntries([['__proto__', { polluted: 1 }]]),
  { constructor: { prototype: { polluted: 1 } } },
]

const ANNOTATIONS: readonly unknown[] = [
  ['undefined'],
  ['Date'],
  ['map'],
  ['set'],
  ['bigint'],
  ['number'],
  ['regexp'],
  ['URL'],
  [['class', 'Money']],
  [['class', 'constructor']],
  [['custom', 'actor']],
  [['custom', 'snapshot']],
  [['custom', 'error']],
  [['typed-array', 'Uint8Array']],
  ['map', { 0: ['Date'] }],
  ['eval'],
  'Date',
]

const at = fc.nat()
const named = <T extends string>(name: T) => fc.constant(name)

/** Some changes, one after another. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof<{ arbitrary: fc.Arbitrary<Mutation>; weight: number }[]>(
    { weight: 3, arbitrary: fc.record({ do: named('remove'), at }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: named('replace'),
        at,
        by: fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 3 })),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: named('rename'), at, to: fc.constantFrom(...KEYS) }) },
    { weight: 3, arbitrary: fc.record({ do: named('copy'), at, from: at }) },
    { weight: 1, arbitrary: fc.record({ do: named('repeat'), at, times: fc.integer({ min: 2, max: 50 }) }) },
    { weight: 1, arbitrary: fc.record({ do: named('wrap'), at, depth: fc.constantFrom(1, 3, 300, 20_000) }) },
    { weight: 3, arbitrary: fc.record({ do: named('annotate'), at, as: fc.constantFrom(...ANNOTATIONS) }) },
    { weight: 2, arbitrary: fc.record({ do: named('equate'), at, to: at }) },
  ),
  { minLength: 1, maxLength: 3 },
)
