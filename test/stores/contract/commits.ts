import fc from 'fast-check'
import { expect, it } from 'vitest'
import { InvalidTextError, SequenceError, StoreClosedError } from '../../../src/errors/store.js'
import type { CommitRequest, Phase } from '../../../src/ports/store.js'
import type { MakeStore } from '../contract.js'
import { accepted, claimed, commitAll, fresh, request } from './harness.js'

const PHASES: readonly Phase[] = ['running', 'paused', 'stopped', 'failed', 'done']

const requests = fc.uniqueArray(
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

export function commitCases(make: MakeStore): void {
  it('gives back exactly what was committed', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (batch) => {
        const { store, again, dispose } = await make({ keep: 3 })
        try {
          const claim = await store.claim()
          accepted(await claim.commit(batch))
          const { epoch } = claim
          await claim.close()
          const reader = await again().read()
          for (const one of batch) expect(await reader.load(one.key)).toStrictEqual({ ...one, epoch })
          await reader.close()
        } finally {
          await dispose()
        }
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    ['empty', ''],
    ['with line breaks and a byte order mark', '\uFEFFa\r\nb\u2028\n'],
    ['of several megabytes', 'grüße 🐻 '.repeat(400_000)],
  ])('keeps a text %s', async (_, text) => {
    const claim = await claimed(make)
    accepted(await claim.commit([request('a', 1, { text })]))
    expect((await claim.load('a'))?.text === text).toBe(true)
    expect((await claim.list())[0]?.size).toBe(text.length)
  })

  it('answers in the order of the batch, and refuses only what does not follow', async () => {
    const claim = await claimed(make)
    await commitAll(claim, 'a', [1, 2])
    const outcomes = await claim.commit([
      request('a', 4),
      request('b', 1),
      request('a', 2),
      request('c', 2),
      request('a', 3),
      request('d', 0),
    ])
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, false, false, true, false])
    const errors = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]))
    expect(errors.every((error) => error instanceof SequenceError)).toBe(true)
    expect(errors).toMatchObject([
      { key: 'a', sequence: 4, storedSequence: 2 },
      { key: 'a', sequence: 2, storedSequence: 2 },
      { key: 'c', sequence: 2, storedSequence: 0 },
      { key: 'd', sequence: 0, storedSequence: 0 },
    ])
    expect((await claim.list()).map(({ key, sequence }) => [key, sequence])).toEqual([
      ['a', 3],
      ['b', 1],
    ])
  })

  it('takes two checkpoints of one key in a batch', async () => {
    const claim = await claimed(make)
    accepted(await claim.commit([request('a', 1), request('a', 2), request('b', 1)]))
    expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([2, 1])
  })

  it('takes commits that were not waited for in their order', async () => {
    const claim = await claimed(make)
    const answers = await Promise.all([1, 2, 3, 4].map((sequence) => claim.commit([request('a', sequence)])))
    accepted(answers.flat())
    expect((await claim.load('a'))?.sequence).toBe(4)
  })

  it('takes an empty batch', async () => {
    expect(await (await claimed(make)).commit([])).toEqual([])
  })

  it.each([1, 2, 5])('keeps the last %i checkpoints, newest first', async (keep) => {
    const claim = await claimed(make, keep)
    const sequences = [1, 2, 3, 4, 5, 6, 7]
    await commitAll(claim, 'a', sequences)
    await commitAll(claim, 'b', [1])
    const history = await claim.history('a')
    expect(history.map(({ sequence }) => sequence)).toEqual([...sequences].reverse().slice(0, keep))
    expect(history.map(({ text }) => text)).toEqual(history.map(({ sequence }) => `a at ${sequence}`))
    expect(history[0]).toStrictEqual(await claim.load('a'))
  })

  it('refuses a text that cannot be kept, and takes the others', async () => {
    const claim = await claimed(make)
    const outcomes = await claim.commit([
      request('a', 1, { text: 'half \ud83d a bear' }),
      request('b', 1, { service: '\udc3b' }),
      request('c', 1),
      request('d', 1, { text: 'a\0b' }),
    ])
    expect(outcomes).toMatchObject([
      { error: { field: 'text', key: 'a' } },
      { error: { field: 'service', key: 'b' } },
      { ok: true },
      { error: { field: 'text', key: 'd' } },
    ])
    expect(outcomes[0]).toHaveProperty('error', expect.any(InvalidTextError))
    expect(await claim.load('a')).toBeUndefined()
  })

  it('keeps its own copy', async () => {
    const claim = await claimed(make)
    const sent = { ...request('a', 1), text: 'as sent' }
    accepted(await claim.commit([sent]))
    sent.text = 'changed later'
    const before = await claim.history('a')
    await commitAll(claim, 'a', [2])
    expect(before.map(({ text }) => text)).toEqual(['as sent'])
  })

  it('refuses everything after it was closed, and is closed twice without harm', async () => {
    const { store } = await fresh(make)
    const claim = await store.claim()
    const reader = await store.read()
    for (const closed of [claim, reader]) {
      await closed.close()
      await closed.close()
      await expect(closed.load('a')).rejects.toThrow(StoreClosedError)
      await expect(closed.history('a')).rejects.toThrow(StoreClosedError)
      await expect(closed.list()).rejects.toThrow(StoreClosedError)
      await expect(closed.quarantined()).rejects.toThrow(StoreClosedError)
      await expect(closed.owner()).rejects.toThrow(StoreClosedError)
    }
    await expect(claim.commit([request('a', 1)])).rejects.toThrow(StoreClosedError)
    await expect(claim.quarantine('a', 1, 'no')).rejects.toThrow(StoreClosedError)
    await expect(claim.remove('a')).rejects.toThrow(StoreClosedError)
  })
}
