import fc from 'fast-check'
import { expect, test } from 'vitest'
import outbox from '../../machines/outbox/index.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import type { Fault, SeenRequest } from './http-server.js'
import { contextOf, isEmpty, keysOf, receiver } from './outbox-kit.js'

// The fault model: the receiver refuses, breaks connections and stalls; the process is killed or paused; time
// passes, or does not. In between notifications come, to two endpoints.
const fault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { answer: 500 },
  { answer: 429, headers: { 'Retry-After': '30' } },
  { reset: 'at-once' },
  { reset: 'in-answer' },
  { stall: 'before' },
  { stall: 'after' },
)
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('enqueue' as const), path: fc.constantFrom('x', 'y') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fail' as const), fault }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), forMs: fc.nat(5000) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('kill' as const, 'pause' as const, 'turn' as const, 'release' as const),
    }),
  },
)

/** Whether the receiver took it in, whatever became of its answer. */
const wasHandled = ({ fault }: SeenRequest) =>
  fault === undefined || 'stall' in fault || ('reset' in fault && fault.reset === 'in-answer')

test('in every history each notification arrives, in its endpoint’s order, with its one key', async () => {
  await using server = await receiver()
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      run++
      const life = new Life(outbox, { policy: { maxTries: 1000, baseDelayMs: 1000, maxDelayMs: 4000 } })
      let service = await life.start()
      const sent: Record<'x' | 'y', string[]> = { x: [], y: [] }
      for (const [index, now] of steps.entries()) {
        if (now.do === 'enqueue') {
          const id = `${now.path}${index}`
          sent[now.path].push(id)
          await service.send({ type: 'ENQUEUE', id, url: `${server.url}/${run}/${now.path}`, body: id })
        } else if (now.do === 'fail') server.fail(now.fault)
        else if (now.do === 'wait') await life.clock.advance(now.forMs)
        else if (now.do === 'kill') service = await life.restart()
        else if (now.do === 'release') server.release()
        else if (now.do === 'pause') {
          const pausing = service.pause('user', { deadlineMs: 100 })
          await life.clock.advance(100)
          await pausing
          await service.resume('user')
        } else await settle()
      }
      while (!isEmpty(service)) {
        server.release()
        await life.clock.advance(4000)
      }
      await life.supervisor.close()
      for (const path of ['x', 'y'] as const) {
        const arrived = server.requests.filter((request) => request.path === `/${run}/${path}`)
        expect([...new Set(keysOf(arrived))]).toEqual(sent[path])
        expect(new Set(keysOf(arrived.filter(wasHandled)))).toEqual(new Set(sent[path]))
        for (const request of arrived) expect(keysOf([request])).toEqual([String(request.body)])
      }
      expect(contextOf(service).dead).toEqual([])
      expect(life.failures).toEqual([])
    }),
    { numRuns: Number(process.env.TARDIGRADE_RUNS ?? 60) },
  )
})
