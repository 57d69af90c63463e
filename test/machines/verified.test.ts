import 'tardigrade/testing/vitest'
import { type Drivers, verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import type { AnyActorRef } from 'xstate'
import outbox from '../../machines/outbox/index.js'
import sync from '../../machines/sync/index.js'
import transfer from '../../machines/transfer/index.js'
import { TransferError } from '../../machines/transfer/problem.js'

/**
 * Every state of each machine × every kind of interruption × everything that can come next. What their tasks do outside is said
 * here; that the tasks themselves do it, the tests beside this one try with files, servers and databases.
 */

/** What an actor that may not be there has come to. */
function seen(actor: AnyActorRef | undefined) {
  return actor?.getSnapshot()
}

test('a transfer is the same whatever interrupts it', { timeout: 120_000 }, async () => {
  const facts = { size: 8, mtimeMs: 0, mode: 0o644 }
  const actors: Drivers = {
    measure: { resolves: { place: '/backup/film.mp4', facts }, afterMs: 20 },
    copy: [
      { rejects: new TransferError('network', 'The line broke.'), afterMs: 20 },
      { progress: [4, 8], resolves: undefined, afterMs: 20 },
    ],
    verify: [
      { rejects: new TransferError('mismatch', 'The copy is another.'), afterMs: 20 },
      { resolves: 'ba7816bf', afterMs: 20 },
    ],
    discard: { resolves: undefined, afterMs: 20 },
  }
  const report = await verifyInterruptions(transfer, {
    mode: 'exhaustive',
    input: { from: '/films/film.mp4', to: '/backup/', chunkSize: 4 },
    actors,
    key: ({ context: { problem }, children }) => [problem?.kind, ...Object.values(children).map(seen)],
  })
  expect(report).toCoverEveryState()
})

test('a sync is the same whatever interrupts it', { timeout: 120_000 }, async () => {
  const count = { rows: 1, conflicts: 0 }
  const refused = (isPermanent: boolean) => ({
    kind: 'failed' as const,
    failure: { reason: 'The server answered.', isPermanent, retryAfterMs: 0 },
  })
  const report = await verifyInterruptions(sync, {
    mode: 'exhaustive',
    input: { url: 'https://example.org/notes', database: 'app.db', table: 'notes', policy: 'server-wins' },
    key: ({ context: { again }, children }) => [again, ...Object.values(children).map(seen)],
    actors: {
      push: { progress: [count], resolves: { kind: 'done', count, isPending: false }, afterMs: 20 },
      pull: [
        { resolves: { kind: 'done', count, isPending: true }, afterMs: 20 },
        { resolves: refused(false), afterMs: 20 },
        { progress: [count], resolves: { kind: 'done', count, isPending: false }, afterMs: 20 },
        { resolves: refused(true), afterMs: 20 },
      ],
    },
  })
  expect(report).toCoverEveryState()
})

test('an outbox is the same whatever interrupts it', { timeout: 120_000 }, async () => {
  const report = await verifyInterruptions(outbox, {
    mode: 'exhaustive',
    input: { policy: { maxTries: 2 } },
    events: [
      { type: 'ENQUEUE', id: 'a', url: 'https://example.org/hook', body: 'a' },
      { type: 'ENQUEUE', id: 'b', url: 'https://example.org/other', body: 'b' },
      { type: 'REDELIVER' },
      { type: 'DISCARD' },
    ],
    key: ({ context: { waiting, dead }, children }) => [
      [...waiting.keys()],
      dead.length,
      Object.values(children).map((lane) => seen(lane)?.value),
    ],
    actors: {
      deliver: {
        steps: {
          post: [
            { resolves: { kind: 'delivered' }, afterMs: 20 },
            {
              resolves: { kind: 'failed', reason: 'The endpoint answered 503.', retryAfterMs: 0 },
              afterMs: 20,
            },
            { resolves: { kind: 'refused', reason: 'The endpoint answered 404.' }, afterMs: 20 },
          ],
        },
      },
    },
  })
  expect(report).toCoverEveryState()
})
