import { InvalidKeyError } from '../../../errors/store.js'
import type { FastCheck } from '../../fast-check.js'
import { isError, refused, same } from '../expect.js'
import { accepted, request } from './requests.js'
import type { StoreCase } from './scene.js'

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
  'CON.txt',
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
  'i',
  'I',
  'ı',
  'İ',
  "x'); DROP TABLE newest; --",
  '%',
  '_',
  '*',
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

const REFUSED: readonly (readonly [what: string, key: string])[] = [
  ['an empty key', ''],
  ['a key of 513 characters', 'x'.repeat(513)],
  ['a key of 10,000 characters', 'x'.repeat(10_000)],
  ['a key with NUL', 'a\0b'],
  ['a key with half a surrogate pair', 'a\ud83d'],
]

const anyKey = (fc: FastCheck) =>
  fc.oneof(
    fc.constantFrom(...HOSTILE_KEYS),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((key) => !key.includes('\0')),
  )

const APART =
  'Compare keys code unit by code unit: no case folding, no normalization, no path, no pattern, no trimming.'

/** Which keys are kept, and how they are told apart. */
export const keyCases: readonly StoreCase[] = [
  {
    name: 'keeps hostile keys apart',
    remedy: APART,
    run: async (scene) => {
      const claim = await scene.claimed()
      accepted(await claim.commit(HOSTILE_KEYS.map((key) => request(key, 1))))
      for (const key of HOSTILE_KEYS)
        same((await claim.load(key))?.text, `${key} at 1`, `the text of ${JSON.stringify(key)}`)
      const listed = (await claim.list()).map(({ key }) => key)
      same(listed, [...HOSTILE_KEYS].sort(), 'the list')
    },
  },
  {
    name: 'keeps any keys apart, and lists them by code units',
    remedy: APART,
    run: (scene) => {
      const keys = scene.fc.uniqueArray(anyKey(scene.fc), { minLength: 1, maxLength: 12 })
      return scene.atRandom(keys, async (keys, inner) => {
        const claim = await inner.claimed(1)
        accepted(await claim.commit(keys.map((key) => request(key, 1))))
        const sorted = [...keys].sort()
        const listed = (await claim.list()).map(({ key }) => key)
        same(listed, sorted, 'the list')
        for (const [index, after] of sorted.entries()) {
          same((await claim.load(after))?.text, `${after} at 1`, `the text of ${JSON.stringify(after)}`)
          const next = (await claim.list({ after, limit: 1 }))[0]?.key
          same(next, sorted[index + 1], `the key after ${JSON.stringify(after)}`)
        }
      })
    },
  },
  ...REFUSED.map(
    ([what, key]): StoreCase => ({
      name: `refuses ${what} everywhere, and takes the rest of its batch`,
      remedy:
        'Refuse keys that are empty, longer than 512, or hold NUL or a lone surrogate: InvalidKeyError.',
      run: async (scene) => {
        const claim = await scene.claimed()
        const [bad, good] = await claim.commit([request(key, 1), request('good', 1)])
        isError(bad?.ok === false ? bad.error : undefined, InvalidKeyError, { key }, 'its commit')
        same(good, { ok: true }, 'the rest of its batch')
        await refused(claim.load(key), InvalidKeyError, {}, 'load')
        await refused(claim.history(key), InvalidKeyError, {}, 'history')
        await refused(claim.quarantine(key, 1, 'bad'), InvalidKeyError, {}, 'quarantine')
        await refused(claim.remove(key), InvalidKeyError, {}, 'remove')
        const listed = (await claim.list()).map((summary) => summary.key)
        same(listed, ['good'], 'the list')
      },
    }),
  ),
]
