import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineService, type Service } from 'tardigrade'
import { machine } from './machine.js'

/** A row of the report: what was measured, ours, the yardstick, and what the ratio should be at least; `met` is undefined without a goal. */
export interface Row {
  readonly what: string
  readonly ours: string
  readonly yardstick: string
  readonly figure: string
  readonly goal: string
  readonly met: boolean | undefined
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

export const perSecond = (count: number, ms: number): number => (count / ms) * 1000

export const thousands = (value: number): string => `${(value / 1000).toFixed(1)}k/s`

/** Runs both in turn, `rounds` times, and gives the median of each and of their ratios. */
export async function alternate(
  rounds: number,
  ours: () => Promise<number> | number,
  theirs: () => Promise<number> | number,
): Promise<{ readonly ours: number; readonly theirs: number; readonly ratio: number }> {
  const pairs: (readonly [number, number])[] = []
  for (let round = 0; round <= rounds; round++) {
    const pair = [await ours(), await theirs()] as const
    // The first round warms up.
    if (round > 0) pairs.push(pair)
  }
  return {
    ours: median(pairs.map(([mine]) => mine)),
    theirs: median(pairs.map(([, yours]) => yours)),
    ratio: median(pairs.map(([mine, yours]) => mine / yours)),
  }
}

export { machine }

export const definition = defineService({ id: 'small', version: 1, machine })

/** Sends so many events to each, one after another, all services at once. Events a second. */
export async function sendEach(services: readonly Service[], times: number): Promise<number> {
  const began = performance.now()
  await Promise.all(
    services.map(async (service) => {
      for (let sent = 0; sent < times; sent++) await service.send({ type: 'INC' })
    }),
  )
  return perSecond(services.length * times, performance.now() - began)
}

/** Runs with a folder that is gone afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-bench-'))
  try {
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
