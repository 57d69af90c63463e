import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeSync, type Resolver, type RowData } from '../../machines/sync/index.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import type { Fault } from './http-server.js'
import { between, contents, localSide, reaches, stateOf } from './sync-kit.js'
import { rowServer } from './sync-server.js'

// The fault model: the server refuses, breaks connections and stalls; the process is killed or paused between
// pages and within them; time passes, or does not. In between both sides change the same few rows.
const fault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { answer: 500 },
  { answer: 403 },
  { reset: 'at-once' },
  { reset: 'in-answer' },
  { stall: 'before' },
  { stall: 'after' },
)
const edit = fc.record({
  do: fc.constantFrom('local' as const, 'remote' as const),
  id: fc.constantFrom('a', 'b', 'c'),
  isDelete: fc.nat(4).map((n) => n === 0),
})
const step = fc.oneof(
  { weight: 6, arbitrary: edit },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), fault }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(...(['kill', 'pause', 'turn', 'release', 'sync', 'wait'] as const)),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Edit {
  readonly by: 'local' | 'remote'
  readonly id: string
  readonly data: RowData | null
}

// Only the edits below write tags.
const tagsOf = (data: RowData | null | undefined): string[] => (data?.tags as string[] | undefined) ?? []
const union: Resolver = (ours, theirs) => ({
  data: { tags: [...new Set([...tagsOf(ours.data), ...tagsOf(theirs.data)])].sort() },
})
const sync = makeSync({ policies: { union } })

/** Lives through the steps, then until all faults are over and both sides had their say. */
async function live(steps: readonly Step[], policy: string) {
  await using server = await rowServer()
  using local = await localSide()
  // One of the names that this file gives.
  const input = { ...between(local, server), policy: policy as 'union', pageSize: 2, everyMs: 1000 }
  const life = new Life(sync, { ...input, maxDelayMs: 2000 })
  let service = await life.start()
  const edits: Edit[] = []
  let faults = 0
  for (const [index, now] of steps.entries()) {
    if (now.do === 'local' || now.do === 'remote') {
      const before = now.do === 'local' ? local.tables.row(now.id)?.data : server.rows.get(now.id)?.data
      const tags = policy === 'union' ? [...tagsOf(before), `t${index}`].sort() : [`t${index}`]
      const data = now.isDelete && policy !== 'union' ? null : { tags }
      edits.push({ by: now.do, id: now.id, data })
      if (now.do === 'local') local.edit(now.id, data, index)
      else server.change(now.id, data, index)
    } else if (now.do === 'fail') {
      faults++
      server.http.fail(now.fault)
    } else if (now.do === 'kill') service = await life.restart()
    else if (now.do === 'release') server.http.release()
    else if (now.do === 'sync') await service.send({ type: 'SYNC_NOW' })
    else if (now.do === 'wait') await life.clock.advance(1000)
    else if (now.do === 'pause') {
      const pausing = service.pause('user', { deadlineMs: 100 })
      await life.clock.advance(100)
      await pausing
      await service.resume('user')
    } else await settle()
  }
  while (server.http.requests.filter(({ fault }) => fault !== undefined).length < faults) {
    server.http.release()
    if (stateOf(service) === 'blocked') await service.send({ type: 'SYNC_NOW' })
    await life.clock.advance(2000)
  }
  server.http.release()
  while (stateOf(service) !== 'resting') {
    if (stateOf(service) === 'blocked') await service.send({ type: 'SYNC_NOW' })
    await life.clock.advance(2000)
  }
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'resting')
  await life.supervisor.close()
  expect(life.failures).toEqual([])
  expect(local.tables.changes()).toEqual([])
  expect(contents(local)).toEqual(contents(server))
  expect(new Set(server.accepted).size).toBe(server.accepted.length)
  return { edits, rows: contents(server) }
}

/** What each policy promises beyond that both sides are equal. */
const promises = {
  'server-wins': (last: Edit) => last.by === 'remote',
  'client-wins': (last: Edit) => last.by === 'local',
  'newest-wins': () => true,
}

for (const [policy, keeps] of Object.entries(promises)) {
  test(`${policy}: every history ends with both sides equal`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const { edits, rows } = await live(steps, policy)
        for (const id of ['a', 'b', 'c']) {
          const last = edits.findLast((edit) => edit.id === id)
          if (last !== undefined && keeps(last)) expect(rows[id]?.data ?? null).toEqual(last.data)
        }
      }),
      { numRuns: Number(process.env.TARDIGRADE_RUNS ?? 40) },
    )
  })
}

test('a policy of one’s own: nothing that either side added is lost in any history', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const { edits, rows } = await live(steps, 'union')
      for (const { id, data } of edits)
        expect(tagsOf(rows[id]?.data)).toEqual(expect.arrayContaining(tagsOf(data)))
    }),
    { numRuns: Number(process.env.TARDIGRADE_RUNS ?? 40) },
  )
})
