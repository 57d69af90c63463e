import { describe, expect, test } from 'vitest'
import { withRetries } from '../../src/task/retry.js'
import { settle } from '../kit/clock.js'
import { lifeOf } from './kit.js'

const quick = { retries: 3, minDelayMs: 1, maxDelayMs: 2 }
const calm = () => new AbortController().signal
const noReason = () => undefined

/** Fails so many times, and then gives how often it was tried. */
function flaky(failures: number, make: (n: number) => Error = (n) => new Error(`try ${n}`)) {
  let tries = 0
  return {
    get tries() {
      return tries
    },
    run: async () => {
      tries++
      if (tries <= failures) throw make(tries)
      return tries
    },
  }
}

describe('tries', () => {
  test('once by default', async () => {
    const one = flaky(1)
    await expect(withRetries(one.run, {}, calm(), noReason)).rejects.toThrow('try 1')
    expect(one.tries).toBe(1)
  })

  test('until it succeeds', async () => {
    const one = flaky(3)
    expect(await withRetries(one.run, quick, calm(), noReason)).toBe(4)
  })

  test('until they are used up, with the last error', async () => {
    const one = flaky(9)
    await expect(withRetries(one.run, quick, calm(), noReason)).rejects.toThrow('try 4')
    expect(one.tries).toBe(4)
  })

  test('no more when the error is not worth it', async () => {
    const one = flaky(9)
    const shouldRetry = (error: Error) => error.message !== 'try 2'
    await expect(withRetries(one.run, { ...quick, shouldRetry }, calm(), noReason)).rejects.toThrow('try 2')
  })

  test('of a function that throws at once count as well', async () => {
    let tries = 0
    const run = () => {
      if (++tries < 3) throw new Error('at once')
      return tries
    }
    expect(await withRetries(run, quick, calm(), noReason)).toBe(3)
  })

  test.each([
    ['a TypeError of the author’s', () => new TypeError('x is not a function')],
    ['a network error, as fetch throws it', () => new TypeError('fetch failed')],
    ['an error of a DOM kind', () => new DOMException('gone', 'NetworkError') as unknown as Error],
  ])('count for every kind of error: %s', async (_, make) => {
    const one = flaky(2, make)
    expect(await withRetries(one.run, quick, calm(), noReason)).toBe(3)
  })

  test.each([['text'], [undefined], [{ code: 5 }], [null]])(
    'count for %o, which is no error, and it is told as it is',
    async (reason) => {
      let tries = 0
      const run = async () => {
        tries++
        throw reason
      }
      const outcome = await withRetries(run, quick, calm(), noReason).then(
        () => expect.unreachable(),
        (thrown: unknown) => ({ thrown }),
      )
      expect(outcome).toEqual({ thrown: reason })
      expect(tries).toBe(4)
    },
  )

  test('say nothing about the error itself: it is the author’s, untouched', async () => {
    const thrown = Object.freeze(new Error('frozen'))
    await expect(withRetries(() => Promise.reject(thrown), quick, calm(), noReason)).rejects.toBe(thrown)
  })
})

describe('an interruption', () => {
  test('ends the waiting between two tries', async () => {
    const quit = new AbortController()
    const one = flaky(9)
    const result = withRetries(
      one.run,
      { retries: 3, minDelayMs: 1e6, maxDelayMs: 1e6 },
      quit.signal,
      () => quit.signal.reason,
    )
    const outcome = expect(result).rejects.toThrow('enough')
    await settle()
    quit.abort(new Error('enough'))
    await outcome
    expect(one.tries).toBe(1)
  })

  test('never ends a try that is under way: its result counts', async () => {
    const quit = new AbortController()
    let open: (value: string) => void = () => {}
    const result = withRetries(
      () => new Promise<string>((resolve) => (open = resolve)),
      quick,
      quit.signal,
      () => quit.signal.reason,
    )
    await settle()
    quit.abort(new Error('enough'))
    open('whole')
    expect(await result).toBe('whole')
  })

  test('lets no other try follow the one under way', async () => {
    const quit = new AbortController()
    let tries = 0
    const run = async () => {
      tries++
      quit.abort(new Error('enough'))
      throw new Error('failed')
    }
    await expect(withRetries(run, quick, quit.signal, () => quit.signal.reason)).rejects.toThrow()
    expect(tries).toBe(1)
  })

  test('lets no other follow where it comes as somebody is asked whether one is worth it', async () => {
    const controller = new AbortController()
    const one = flaky(3)
    const shouldRetry = () => {
      controller.abort()
      return true
    }
    const tried = withRetries(
      one.run,
      { retries: 3, minDelayMs: 60_000, shouldRetry },
      controller.signal,
      () => 'quit',
    )
    await expect(tried).rejects.toBe('quit')
    expect(one.tries).toBe(1)
  })

  test('leaves no listener behind', async () => {
    const quit = new AbortController()
    const listening = new Set<unknown>()
    const { signal } = quit
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: () => void) => {
      listening.add(listener)
      add(type, listener)
    }
    signal.removeEventListener = (type: string, listener: () => void) => {
      listening.delete(listener)
      remove(type, listener)
    }
    await withRetries(flaky(1).run, quick, quit.signal, () => quit.signal.reason)
    await withRetries(flaky(9).run, quick, quit.signal, () => quit.signal.reason).catch(() => {})
    expect(listening).toEqual(new Set())
  })
})

describe('of a task', () => {
  test('a step tries as the task says, or as it says itself, each time under one key', async () => {
    const keys: Record<string, string[]> = {}
    const attempt = (name: string, failures: number) => {
      const one = flaky(failures)
      return ({ key }: { key: string }) => {
        keys[name] = [...(keys[name] ?? []), key]
        return one.run()
      }
    }
    const life = lifeOf(
      async ({ step }) => [
        await step('general', attempt('general', 2)),
        await step('own', attempt('own', 5), { retry: { retries: 5, minDelayMs: 1, maxDelayMs: 1 } }),
        await step('none', attempt('none', 1), { retry: {} }).catch((error: Error) => error.message),
      ],
      { retry: { retry: quick } },
    )
    const service = await life.start()
    await new Promise<void>((resolve) => {
      service.machine.subscribe(({ value }) => {
        if (value !== 'working') resolve()
      })
    })
    expect(service.machine.getSnapshot().context.result).toEqual([3, 6, 'try 1'])
    expect(Object.values(keys).map((list) => [list.length, new Set(list).size])).toEqual([
      [3, 1],
      [6, 1],
      [1, 1],
    ])
  })

  test('a pause while a step waits for its next try does not wait for it; the next life tries anew', async () => {
    const one = flaky(1)
    const life = lifeOf(({ step }) => step('one', one.run), {
      retry: { retry: { retries: 5, minDelayMs: 1e6, maxDelayMs: 1e6 } },
    })
    const service = await life.start()
    await settle()
    expect(one.tries).toBe(1)
    await service.pause('user', { deadlineMs: 2 ** 31 })
    await service.resume()
    await settle()
    expect(service.machine.getSnapshot().context.result).toBe(2)
  })
})
