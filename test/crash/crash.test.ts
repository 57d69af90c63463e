import { beforeAll, expect, test } from 'vitest'
import { bringUpToDate } from '../kit/built.js'
import { freezeOwners, inFolder, killOwed, killTransfer, signalStates, termTransfer } from './run.js'
import { STATES } from './signals.js'

/**
 * What can happen to a process: SIGKILL at any instant, from its start to its end, and SIGTERM likewise. The
 * instants are random, by a seed; `npm run test:crash` and `npm run test:deep` try many more. What a kernel or a disk can do to what
 * was written is not tried here. The three run beside each other, since most of their time is waited for an instant.
 */
const seed = Date.now() % 1_000_000
const limitMs = 120_000

beforeAll(bringUpToDate, limitMs)

/** A failure shows what repeats the choice of instants, and the folder with all that was left. */
const whole = { seed, violations: [] }

test.concurrent('kill -9 loses no chunk and repeats only the one in flight', {
  timeout: limitMs,
}, async () => {
  const report = await inFolder((folder) => killTransfer({ kills: 15, seed, folder }))
  expect({ ...report, seed }).toMatchObject({ ...whole, kills: 15 })
})

test.concurrent('SIGTERM ends it in time and at rest, and nothing is repeated', {
  timeout: limitMs,
}, async () => {
  const report = await inFolder((folder) => termTransfer({ terms: 10, seed, folder }))
  expect({ ...report, seed }).toMatchObject({ ...whole, terms: 10 })
})

test.concurrent('events, timers and effects survive kill -9', { timeout: limitMs }, async () => {
  const report = await inFolder((folder) => killOwed({ kills: 15, seed, folder }))
  expect({ ...report, seed }).toMatchObject({ ...whole, kills: 15 })
})

test.each(['sqlite', 'file'] as const)(
  'an owner of a %s store that is frozen (SIGSTOP) while it commits, and wakes when another has the store, writes nothing more',
  {
    timeout: limitMs,
  },
  async (kind) => {
    const report = await inFolder((folder) => freezeOwners({ kind, freezes: 10, seed, folder }))
    expect({ ...report, seed }).toMatchObject({ ...whole, freezes: 10 })
  },
)

test('SIGTERM in each state of the lifecycle, once or twice, with SIGKILL at the deadline, loses nothing', {
  timeout: limitMs,
}, async () => {
  const report = await inFolder((folder) => signalStates({ rounds: 1, seed, folder }))
  expect({ ...report, seed }).toMatchObject({
    ...whole,
    signals: Object.fromEntries(STATES.map((state) => [state, 1])),
  })
})
