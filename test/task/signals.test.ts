import { setTimeout as sleep } from 'node:timers/promises'
import { TaskInterruptedError, type TaskScope, task } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { settle } from '../kit/clock.js'
import { gate, lifeOf, worker } from './kit.js'

/** Longer than any test: it comes to its end by a signal, or the test does not. */
const HOUR_MS = 3_600_000

/** Notes the scope of each run, and does what the test says. */
function told(act: (scope: TaskScope<undefined, number>, run: number) => Promise<unknown>) {
  const scopes: TaskScope<undefined, number>[] = []
  const life = lifeOf((scope: TaskScope<undefined, number>) => act(scope, scopes.push(scope)))
  const aborted = (run: number) => {
    const scope = scopes[run - 1]
    return { interruption: scope?.interruption.aborted, signal: scope?.signal.aborted }
  }
  return { life, scopes, aborted }
}

const started = { interruption: false, signal: false }

describe('an interruption', () => {
  test('aborts `interruption` at once and `signal` at the deadline, and the next run has both anew', async () => {
    const never = gate()
    const { life, scopes, aborted } = told(() => never.promise)
    const service = await life.start()
    expect(aborted(1)).toEqual(started)
    const paused = service.pause('user', { deadlineMs: 500 })
    expect(aborted(1)).toEqual({ interruption: true, signal: false })
    expect(scopes[0]?.interruption.reason).toBeInstanceOf(TaskInterruptedError)
    await life.clock.advance(499)
    expect(aborted(1)).toEqual({ interruption: true, signal: false })
    await life.clock.advance(1)
    await paused
    expect(aborted(1)).toEqual({ interruption: true, signal: true })
    await service.resume()
    await settle()
    expect(aborted(2)).toEqual(started)
    expect(scopes[1]?.interruption).not.toBe(scopes[0]?.interruption)
    // Another hold tells the new run, and the old one has heard all that it ever will.
    const again = service.pause('user', { deadlineMs: 5 })
    expect(aborted(2)).toEqual({ interruption: true, signal: false })
    await life.clock.advance(5)
    await again
  })

  // What waits make of an aborted signal: an AbortError with the reason as its cause, the reason itself, or an
  // AbortError that says nothing of either.
  const waits: readonly [string, (signal: AbortSignal) => Promise<unknown>][] = [
    ['Node’s own timer', (signal) => sleep(HOUR_MS, undefined, { signal })],
    [
      'one that rejects with the reason, as fetch does',
      (signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ],
    [
      'one with an AbortError of its own',
      (signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError'))),
        ),
    ],
    [
      'one that looks whenever it likes',
      async (signal) => {
        for (;;) {
          signal.throwIfAborted()
          await settle()
        }
      },
    ],
  ]

  test.each(waits)(
    'ends a wait between two steps, and the task goes on from its progress: %s',
    async (_, wait) => {
      const { life, aborted } = told(async ({ interruption, progress }, run) => {
        if (run > 1) return [run, progress.value]
        await progress.set(7)
        await wait(interruption)
        return 'waited'
      })
      const service = await life.start()
      await settle()
      await service.pause()
      expect(service.getSnapshot().value).toBe('paused')
      // What it had started beside the wait ends with it.
      expect(aborted(1)).toEqual({ interruption: true, signal: true })
      await service.resume()
      await settle()
      expect(service.machine.getSnapshot()).toMatchObject({ value: 'done', context: { result: [2, 7] } })
    },
  )

  test.each(waits)('cuts off a step that waits, which runs again: %s', async (_, wait) => {
    let tries = 0
    const { life } = told(async ({ interruption, step }) =>
      step('wait', () => (++tries === 1 ? wait(interruption) : 'waited')),
    )
    const service = await life.start()
    await settle()
    await service.pause()
    await service.resume()
    await settle()
    expect(tries).toBe(2)
    expect(service.machine.getSnapshot()).toMatchObject({ value: 'done', context: { result: 'waited' } })
  })

  test('does not hide a failure of the task’s own', async () => {
    const chunk = gate()
    const { life } = told(async () => {
      await chunk.promise
      throw new TypeError('its own')
    })
    const service = await life.start()
    const paused = service.pause()
    chunk.open()
    await paused
    await service.resume()
    await settle()
    expect(service.machine.getSnapshot()).toMatchObject({
      value: 'failed',
      context: { error: { name: 'TypeError', message: 'its own' } },
    })
  })
})

describe('without an interruption', () => {
  test('an AbortError is a failure like any other', async () => {
    const { life } = told(async () => {
      const own = new AbortController()
      own.abort()
      await sleep(HOUR_MS, undefined, { signal: own.signal })
    })
    const service = await life.start()
    await settle()
    expect(service.machine.getSnapshot()).toMatchObject({
      value: 'failed',
      context: { error: { name: 'AbortError' } },
    })
  })

  test('an explicit checkpoint aborts neither signal', async () => {
    const { life, aborted } = told(() => gate().promise)
    const service = await life.start()
    await service.checkpoint()
    expect(aborted(1)).toEqual(started)
  })
})

describe('both signals are aborted at once', () => {
  test('when the machine leaves', async () => {
    const { life, aborted } = told(() => gate().promise)
    const service = await life.start()
    await service.send({ type: 'CANCEL' })
    expect(aborted(1)).toEqual({ interruption: true, signal: true })
  })

  test('in plain XState too, where nothing else interrupts', () => {
    let scope: TaskScope | undefined
    const actor = createActor(
      worker(
        task((given: TaskScope) => {
          scope = given
          return gate().promise
        }),
      ),
    ).start()
    expect([scope?.interruption.aborted, scope?.signal.aborted]).toEqual([false, false])
    actor.send({ type: 'CANCEL' })
    expect([scope?.interruption.aborted, scope?.signal.aborted]).toEqual([true, true])
  })
})
