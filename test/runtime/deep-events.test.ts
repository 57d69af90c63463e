import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'

function deep(levels: number): object {
  let value: object = {}
  for (let n = 1; n < levels; n++) value = { a: value }
  return value
}

const machine = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'INC'; a?: object } },
  actions: { act: () => {} },
}).createMachine({
  context: { n: 0 },
  on: { INC: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'act'] } },
})

/** The deepest that a checkpoint keeps, in its inbox and in its outbox. */
const DEEPEST = 497

test.each(['running', 'paused'])(
  'an event nested too deep for a checkpoint is refused alone: %s',
  async (state) => {
    const failures: unknown[] = []
    const onFailed = (_: unknown, error: Error) => void failures.push(error)
    const supervisor = await createSupervisor({ store: memoryStore(), onFailed })
    const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
    if (state === 'paused') await service.pause()
    for (let levels = DEEPEST - 3; levels <= DEEPEST + 5; levels++) {
      const sent = [service.send({ type: 'INC' }), service.send({ type: 'INC', a: deep(levels) })]
      const [good, bad] = await Promise.allSettled(sent)
      expect([good?.status, service.getSnapshot().value]).toEqual(['fulfilled', state])
      expect(bad?.status, `${levels} levels`).toBe(levels <= DEEPEST ? 'fulfilled' : 'rejected')
    }
    expect(failures).toEqual([])
    await supervisor.close()
  },
)
