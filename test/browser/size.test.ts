import { brotliCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pageOf } from '../docs/snippets.js'
import { loadedKb, MOST_KB } from './kit/size.js'

test('a page loads no more of this package than it did', async () => {
  const loaded = await loadedKb()
  expect(loaded).toBeLessThanOrEqual(MOST_KB)
  // A bound far above what is reached would hold nothing.
  expect(loaded).toBeGreaterThan(MOST_KB - 2)
})

test('the documentation says how much it is, and the benchmarks about that', async () => {
  const [loaded, brotli] = [await loadedKb(), await loadedKb(brotliCompressSync)]
  const [, gzipped, packed] =
    /are (\d+) kB gzipped \((\d+) with Brotli\), without xstate/.exec(pageOf('docs/platforms.md')) ?? []
  expect([gzipped, packed]).toEqual([`${Math.round(loaded)}`, `${Math.round(brotli)}`])
  // They are measured now and then, and each of them whole.
  const [, measured] = /in a page, without xstate, gzipped \| ([\d.]+) kB/.exec(pageOf('BENCHMARKS.md')) ?? []
  expect(Math.abs(Number(measured) - loaded)).toBeLessThan(2)
})
