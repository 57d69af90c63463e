import { InvalidTextError, SequenceError } from '../../../errors/store.js'
import type { CommitOutcome, CommitRequest, Phase } from '../../../ports/store.js'
import type { FastCheck } from '../../fast-check.js'
import { holds, isError, same } from '../expect.js'
import { accepted, commitAll, request } from './requests.js'
import type { StoreCase } from './scene.js'

const PHASES: readonly Phase[] = ['running', 'paused', 'stopped', 'failed', 'done']

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['empty', ''],
  ['with line breaks and a byte order mark', '\uFEFFa\r\nb\u2028\n'],
  ['of several megabytes', 'grüße 🐻 '.repeat(400_000)],
]

/** Batches of any requests, each the first of its key. */
const batches = (fc: FastCheck) =>
  fc.uniqueArray(
    fc.record<CommitRequest>({
      key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      service: fc.string({ unit: 'grapheme', minLength: 1 }),
      version: fc.nat(),
      sequence: fc.constant(1),
      savedAtMs: fc.nat({ max: 8.64e15 }),
      phase: fc.constantFrom(...PHASES),
      wakeAtMs: fc.option(fc.nat({ max: 8.64e15 }), { nil: undefined }),
      text: fc.string({ unit: 'binary', maxLength: 2000 }).map((text) => text.replaceAll('\0', '')),
    }),
    { selector: ({ key }) => key, minLength: 1, maxLength: 20 },
  )

const errorOf = (outcome: CommitOutcome | undefined) => (outcome?.ok === false ? outcome.error : undefined)

/** What becomes of a batch. */
export const commitCases: readonly StoreCase[] = [
  {
    name: 'gives back exactly what was committed',
    remedy: 'Store every field as it came, `wakeAtMs: undefined` too, and the claim’s own epoch beside them.',
    run: (scene) =>
      scene.atRandom(batches(scene.fc), async (batch, inner) => {
        const { store, again } = await inner.fresh()
        const claim = await inner.claim(store)
        accepted(await claim.commit(batch))
        const { epoch } = claim
        await claim.close()
        const reader = await again().read()
        inner.after(() => reader.close())
        for (const one of batch) same(await reader.load(one.key), { ...one, epoch }, 'what is loaded')
      }),
  },
  ...TEXTS.map(
    ([what, text]): StoreCase => ({
      name: `keeps a text ${what}`,
      remedy: 'Take the text for opaque: no trimming, no line ends changed, no limit of a column.',
      run: async (scene) => {
        const claim = await scene.claimed()
        accepted(await claim.commit([request('a', 1, { text })]))
        holds((await claim.load('a'))?.text === text, 'The text that is loaded is not the one committed')
        same((await claim.list())[0]?.size, text.length, 'the size in the list, in UTF-16 code units')
      },
    }),
  ),
  {
    name: 'answers in the order of the batch, and refuses only what does not follow',
    remedy: 'Give each request an outcome of its own: a SequenceError where it is not the stored one plus 1.',
    run: async (scene) => {
      const claim = await scene.claimed()
      await commitAll(claim, 'a', [1, 2])
      const asked = [['a', 4] as const, ['b', 1] as const, ['a', 2] as const, ['c', 2] as const]
      const batch = [...asked, ['a', 3] as const, ['d', 0] as const]
      const outcomes = await claim.commit(batch.map(([key, sequence]) => request(key, sequence)))
      same(
        outcomes.map(({ ok }) => ok),
        [false, true, false, false, true, false],
        'what was accepted of a4 b1 a2 c2 a3 d0 after a2',
      )
      const refusals = [
        [0, { key: 'a', sequence: 4, storedSequence: 2 }],
        [2, { key: 'a', sequence: 2, storedSequence: 2 }],
        [3, { key: 'c', sequence: 2, storedSequence: 0 }],
        [5, { key: 'd', sequence: 0, storedSequence: 0 }],
      ] as const
      for (const [at, fields] of refusals)
        isError(errorOf(outcomes[at]), SequenceError, fields, `request ${at + 1}`)
      const listed = (await claim.list()).map(({ key, sequence }) => [key, sequence])
      same(
        listed,
        [
          ['a', 3],
          ['b', 1],
        ],
        'what is stored',
      )
    },
  },
  {
    name: 'takes two checkpoints of one key in a batch',
    remedy: 'Let a request see what those before it in the batch wrote.',
    run: async (scene) => {
      const claim = await scene.claimed()
      accepted(await claim.commit([request('a', 1), request('a', 2), request('b', 1)]))
      const history = await claim.history('a')
      same(
        history.map(({ sequence }) => sequence),
        [2, 1],
        'the history',
      )
    },
  },
  {
    name: 'takes commits that were not waited for in their order',
    remedy: 'Queue the commits of a claim: the next may begin when the one before has ended.',
    run: async (scene) => {
      const claim = await scene.claimed()
      const sequences = [1, 2, 3, 4]
      const answers = await Promise.all(sequences.map((sequence) => claim.commit([request('a', sequence)])))
      accepted(answers.flat())
      same((await claim.load('a'))?.sequence, 4, 'the newest sequence')
    },
  },
  {
    name: 'takes an empty batch',
    remedy: 'Answer it with no outcomes.',
    run: async (scene) => {
      const claim = await scene.claimed()
      same(await claim.commit([]), [], 'the outcomes')
    },
  },
  {
    name: 'keeps as many checkpoints as it was told, newest first',
    remedy:
      'A key keeps the checkpoints of its last `keep` sequences, and drops older ones with each commit.',
    run: async (scene) => {
      for (const keep of [1, 2, 5]) {
        const claim = await scene.claimed(keep)
        const sequences = [1, 2, 3, 4, 5, 6, 7]
        await commitAll(claim, 'a', sequences)
        await commitAll(claim, 'b', [1])
        const history = await claim.history('a')
        const kept = sequences.reverse().slice(0, keep)
        same(
          history.map(({ sequence }) => sequence),
          kept,
          `the history of 7 sequences, of which ${keep} are kept`,
        )
        same(
          history.map(({ text }) => text),
          kept.map((sequence) => `a at ${sequence}`),
          'their texts',
        )
        same(history[0], await claim.load('a'), 'the newest of the history beside what is loaded')
      }
    },
  },
  {
    name: 'refuses a text that cannot be kept, and takes the others',
    remedy: 'Refuse NUL and lone surrogates with an InvalidTextError that names the field.',
    run: async (scene) => {
      const claim = await scene.claimed()
      const outcomes = await claim.commit([
        request('a', 1, { text: 'half \ud83d a bear' }),
        request('b', 1, { service: '\udc3b' }),
        request('c', 1),
        request('d', 1, { text: 'a\0b' }),
      ])
      const text = { field: 'text', key: 'a' }
      isError(errorOf(outcomes[0]), InvalidTextError, text, 'half a surrogate pair in the text')
      const service = { field: 'service', key: 'b' }
      isError(errorOf(outcomes[1]), InvalidTextError, service, 'half a surrogate pair in the service')
      same(outcomes[2], { ok: true }, 'the request between them')
      isError(errorOf(outcomes[3]), InvalidTextError, { field: 'text', key: 'd' }, 'a NUL in the text')
      const listed = (await claim.list()).map(({ key }) => key)
      same(listed, ['c'], 'what is stored')
    },
  },
  {
    name: 'keeps its own copy',
    remedy: 'Copy what comes in, and never change what was handed out.',
    run: async (scene) => {
      const claim = await scene.claimed()
      const sent = { ...request('a', 1), text: 'as sent' }
      accepted(await claim.commit([sent]))
      sent.text = 'changed later'
      const before = await claim.history('a')
      await commitAll(claim, 'a', [2])
      const texts = before.map(({ text }) => text)
      same(texts, ['as sent'], 'a history of before, read after another commit')
    },
  },
]
