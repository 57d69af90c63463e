import { gzipSync } from 'node:zlib'
import { bundle } from './site.js'

/** What a page should load of this package at most, in kB. */
export const GOAL_KB = 20
/** What it loads: a build that has more fails. It falls, and rises for what no core may be without alone. */
export const MOST_KB = 56

/** What a page loads for the core, the browser host and the IndexedDB store, without xstate, in kB, gzipped or packed otherwise. */
export async function loadedKb(pack: (code: string) => Buffer = gzipSync): Promise<number> {
  return pack(await bundle('core.ts', { small: true })).length / 1000
}
