import { createSupervisor, defineService, effectKey, MachineFailedError, StoreFullError } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { microtasks, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'
import { opened } from '../kit/stored.js'
import { counter } from './machines.js'

const moments = [0, 1, 2, 3, 5, 8, 13]

describe('the note of a failure', () => {
  /** Has a machine fail while a commit is on its way, at the given moments before and after its failure. */
  async function failing(before: number, after: number, outcome: 'lands' | 'is refused') {
    const [store, definition, failures] = [new FaultyStore(), counter(), [] as Error[]]
    const supervisor = await createSupervisor({ store, onFailed: (_, error) => void failures.push(error) })
    const service = await supervisor.start(definition)
    await service.pause()
    await service.send({ type: 'ADD' }, { key: 'inbox' })
    await settle()
    store.shut()
    // Running again, its first commit takes the event of the inbox out of it.
    void service.resume().catch(() => {})
    await settle()
    const sent = ['a', 'b'].map(async (key) => {
      await service.send({ type: 'ADD' }, { key })
      return key
    })
    await microtasks(before)
    sent.push(service.send({ type: 'BOOM' }).then(() => 'boom'))
    await microtasks(after)
    if (outcome === 'is refused') store.outcomes = [{ ok: false, error: new StoreFullError('here') }]
    store.open()
    const answers = await Promise.allSettled(sent)
    await settle()
    const answered = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    const stored = () => opened(store.durable.get('counter')?.text ?? '', definition)
    return { service, failures, answered, stored, store }
  }

  const cases = moments.flatMap((before) => moments.map((after) => [before, after] as const))

  test('stands on the commit that was on its way, at whatever moment the machine fails', async () => {
    for (const [before, after] of cases) {
      const { service, failures, answered, stored, store } = await failing(before, after, 'lands')
      expect(failures).toEqual([expect.any(MachineFailedError)])
      const sequences = store.batches.flat().map(({ sequence }) => sequence)
      expect(sequences).toEqual(sequences.map((_, index) => index + 1))
      const note = stored()
      expect(note).toMatchObject({ phase: 'failed', inbox: [], failure: { name: 'MachineFailedError' } })
      // What was answered is in it, and known: sent again it is no news.
      expect(note.root.snapshot.context).toMatchObject({ n: 1 + answered.length })
      expect(note.eventKeys).toEqual(['inbox', ...answered])
      await service.retry()
      for (const key of note.eventKeys) await service.send({ type: 'ADD' }, { key })
      expect(service.machine.getSnapshot().context.n).toBe(1 + answered.length)
    }
  })

  test('stands on the one before, where the one on its way is refused', async () => {
    for (const [before, after] of cases) {
      const { service, failures, answered, stored } = await failing(before, after, 'is refused')
      expect([answered, failures.length]).toEqual([[], 1])
      expect(stored()).toMatchObject({ phase: 'failed', eventKeys: ['inbox'], inbox: [{ key: 'inbox' }] })
      await service.retry()
      expect(service.machine.getSnapshot().context.n).toBe(1)
      for (const key of ['inbox', 'a', 'b']) await service.send({ type: 'ADD' }, { key })
      expect(service.machine.getSnapshot().context.n).toBe(3)
    }
  })
})

describe('effects that were done when another failed', () => {
  /** Four effects in one transition; one of them fails, at once or in time, until it is mended. */
  function acting(failing: number, how: 'throws' | 'rejects') {
    const runs: string[] = []
    const state = { broken: true }
    const act = (_: unknown, { index }: { index: number }) => {
      runs.push(`${effectKey()}`)
      if (index === failing && state.broken) {
        if (how === 'throws') throw new Error('no network')
        // The others have settled by then.
        return new Promise((_, reject) => setImmediate(() => reject(new Error('no network')))) as never
      }
      // Some take their time, and less than the failing one.
      return (index % 2 === 0 ? undefined : Promise.resolve()) as never
    }
    const actions = [0, 1, 2, 3].map((index) => ({ type: 'act' as const, params: { index } }))
    const machine = setup({ types: { events: {} as { type: 'GO' } }, actions: { act } }).createMachine({
      initial: 'a',
      states: { a: { on: { GO: { target: 'b', actions } } }, b: {} },
    })
    return { life: new Life(defineService({ id: 'act', version: 1, machine })), runs, state }
  }

  const keys = [0, 1, 2, 3].map((index) => `act/life/lfls_1/2/${index}`)

  describe.each(['throws', 'rejects'] as const)('(it %s)', (how) => {
    test.each([0, 1, 2, 3])(
      'are left out of the note, and of what runs after a retry: effect %d',
      async (failing) => {
        const { life, runs, state } = acting(failing, how)
        const service = await life.start()
        await service.send({ type: 'GO' })
        await settle()
        expect(service.getSnapshot().value).toBe('failed')
        const before = [...runs]
        // One that throws keeps those after it from running; those before are done, if they took no time.
        const done = how === 'rejects' ? keys.filter((_, index) => index !== failing) : keys.slice(0, failing)
        const settled = how === 'rejects' ? done : done.filter((_, index) => index % 2 === 0)
        expect(before.filter((key) => key !== keys[failing])).toEqual(done)
        state.broken = false
        runs.length = 0
        await service.retry()
        await service.settled()
        expect(runs).toEqual(keys.filter((key) => !settled.includes(key)))
        expect(service.machine.getSnapshot().value).toBe('b')
      },
    )

    test.each([0, 1, 2, 3])('nor run they after a crash and a retry: effect %d', async (failing) => {
      const { life, runs, state } = acting(failing, how)
      await (await life.start()).send({ type: 'GO' })
      await settle()
      let service = await life.restart()
      expect(service.getSnapshot().value).toBe('failed')
      // The failing one fails once more, and the crash comes after the second note.
      await service.retry().catch(() => {})
      await settle()
      service = await life.restart()
      expect(service.getSnapshot().value).toBe('failed')
      state.broken = false
      await service.retry()
      await service.settled()
      service = await life.restart()
      expect(service.machine.getSnapshot().value).toBe('b')
      const times = (index: number) => runs.filter((run) => run === keys[index]).length
      expect(times(failing)).toBe(3)
      const settled = [0, 1, 2, 3].filter(
        (index) => index !== failing && (how === 'rejects' || index % 2 === 0),
      )
      expect(settled.map(times)).toEqual(settled.map(() => 1))
    })
  })
})

test('a failure of another kind than the one that is noted is noted too', async () => {
  let failures = 0
  const act = () => {
    throw new Error(`failure ${++failures}`)
  }
  const machine = setup({ actions: { act } }).createMachine({ on: { GO: { actions: 'act' } } })
  const definition = defineService({ id: 'fails', version: 1, machine })
  const store = new FaultyStore()
  const service = await (await createSupervisor({ store, onFailed: () => {} })).start(definition)
  const noted = () => opened(store.durable.get('fails')?.text ?? '', definition).failure?.message
  await service.send({ type: 'GO' })
  await settle()
  expect(noted()).toContain('failure 1')
  await expect(service.retry()).rejects.toThrow('failure 2')
  await settle()
  expect(noted()).toContain('failure 2')
})
