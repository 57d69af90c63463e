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
  types: { context: {} as { n: number } },
  actions: { act: () => {} },
}).createMachine({
  id: 'm',
  context: { n: 0 },
  on: { INC: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'act'] } },
})

for (const paused of [false, true])
  test(`an event nested too deep for a checkpoint is refused alone, paused: ${paused}`, async () => {
    const failures: unknown[] = []
    const supervisor = await createSupervisor({
      store: memoryStore(),
      onFailed: (_, e) => void failures.push(e),
    })
    const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
    if (paused) await service.pause()
    for (let levels = 494; levels <= 502; levels++) {
      const [good, bad] = await Promise.allSettled([
        service.send({ type: 'INC' } as never),
        service.send({ type: 'INC', a: deep(levels) } as never),
      ])
      expect([good?.status, service.getSnapshot().value]).toEqual([
        'fulfilled',
        paused ? 'paused' : 'running',
      ])
      expect(bad?.status).toBe(levels <= 497 ? 'fulfilled' : 'rejected')
    }
    expect(failures).toEqual([])
    await supervisor.close()
  })
