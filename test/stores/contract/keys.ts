import fc from 'fast-check'
import { expect, it } from 'vitest'
import { InvalidKeyError } from '../../../src/errors/store.js'
import type { MakeStore } from '../contract.js'
import { accepted, claimed, request } from './harness.js'

/** Keys that a store under a file system, a shell, SQL or a collation may confuse. */
export const HOSTILE_KEYS: readonly string[] = [
  '../x',
  '..',
  '.',
  '/',
  '/etc/passwd',
  '..\\..\\x',
  'C:\\x',
  'a:b',
  'CON',
  'con',
  'nul.txt',
  'a/b',
  'a%2Fb',
  'a\nb',
  ' a',
  'a ',
  'a.',
  'a',
  'A',
  'Å',
  'A\u030a',
  '\u212b',
  'ﬁ',
  'fi',
  'ß',
  'SS',
  "x'); DROP TABLE newest; --",
  '%',
  '_',
  '__proto__',
  'constructor',
  '-rf',
  '\u202egpj.exe',
  '\u{10FFFF}',
  '\u{10FFFF}\u0001',
  '\uFFFD',
  '\uE000',
  '\u{10000}',
  '🐻',
  'x'.repeat(512),
  `${'x'.repeat(511)}y`,
  '🐻'.repeat(256),
]

const anyKey = fc.oneof(
  fc.constantFrom(...HOSTILE_KEYS),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((key) => !key.includes('\0')),
)

export function keyCases(make: MakeStore): void {
  it('keeps hostile keys apart', async () => {
    const claim = await claimed(make)
    accepted(await claim.commit(HOSTILE_KEYS.map((key) => request(key, 1))))
    for (const key of HOSTILE_KEYS) expect((await claim.load(key))?.text).toBe(`${key} at 1`)
    expect((await claim.list()).map(({ key }) => key)).toEqual([...HOSTILE_KEYS].sort())
  })

  it('keeps any keys apart, and lists them by code units', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(anyKey, { minLength: 1, maxLength: 12 }), async (keys) => {
        const { store, dispose } = await make({ keep: 1 })
        const claim = await store.claim()
        try {
          accepted(await claim.commit(keys.map((key) => request(key, 1))))
          const sorted = [...keys].sort()
          expect((await claim.list()).map(({ key }) => key)).toEqual(sorted)
          for (const [index, after] of sorted.entries()) {
            expect((await claim.load(after))?.text).toBe(`${after} at 1`)
            expect((await claim.list({ after, limit: 1 }))[0]?.key).toBe(sorted[index + 1])
          }
        } finally {
          await claim.close()
          await dispose()
        }
      }),
      { numRuns: 15 },
    )
  })

  it.each([
    ['an empty key', ''],
    ['a key of 513 characters', 'x'.repeat(513)],
    ['a key of 10,000 characters', 'x'.repeat(10_000)],
    ['a key with NUL', 'a\0b'],
    ['a key with half a surrogate pair', 'a\ud83d'],
  ])('refuses %s everywhere, and takes the rest of its batch', async (_, key) => {
    const claim = await claimed(make)
    const outcomes = await claim.commit([request(key, 1), request('good', 1)])
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'INVALID_KEY', key } }, { ok: true }])
    await expect(claim.load(key)).rejects.toThrow(InvalidKeyError)
    await expect(claim.history(key)).rejects.toThrow(InvalidKeyError)
    await expect(claim.quarantine(key, 1, 'bad')).rejects.toThrow(InvalidKeyError)
    await expect(claim.remove(key)).rejects.toThrow(InvalidKeyError)
    expect((await claim.list()).map((summary) => summary.key)).toEqual(['good'])
  })
}
