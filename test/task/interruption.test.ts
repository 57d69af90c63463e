import { TaskInterruptedError, type TaskScope } from 'tardigrade'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { settle } from '../kit/clock.js'
import { gate, lifeOf } from './kit.js'

const never = () => new Promise<never>(() => {})

/** Steps that wait for us to let them end, and what became of each run. */
function slowTask() {
  const runs: string[] = []
  const open: Record<string, () => void> = {}
  const signals: AbortSignal[] = []
  const scopes: TaskScope<undefined>[] = []
  const body = async (scope: TaskScope<undefined>) => {
    const { step, signal } = scope
    const run = signals.push(signal)
    scopes.push(scope)
    const slow = (name: string) =>
      step(name, () => {
        runs.push(`${name} in ${run}`)
        const { promise, open: go } = gate()
        open[name] = go
        return promise.then(() => name)
      })
    try {
      return [await slow('one'), await slow('two')]
    } catch (error) {
      runs.push(`${(error as Error).name} in ${run}`)
      throw error
    } finally {
      runs.push(`end of ${run}`)
    }
  }
  return { body, runs, open, signals, scopes }
}

describe('a pause', () => {
  test('lets the step that runs come to its end, keeps its result, and goes on after it', async () => {
    const { body, runs, open, signals, scopes } = slowTask()
    const life = lifeOf(body)
    const service = await life.start()
    const paused = service.pause()
    await settle()
    expect(service.getSnapshot().value).toBe('checkpointing')
    expect([scopes[0]?.interrupted(), signals[0]?.aborted]).toEqual([true, false])
    open.one?.()
    await paused
    expect(runs).toEqual(['one in 1', 'TaskInterruptedError in 1', 'end of 1'])
    expect(signals[0]?.aborted).toBe(true)
    await service.resume()
    await settle()
    expect(runs.slice(3)).toEqual(['two in 2'])
    expect(scopes[1]?.interrupted()).toBe(false)
    open.two?.()
    await settle()
    expect(service.machine.getSnapshot().context.result).toEqual(['one', 'two'])
  })

  test('at the deadline aborts what runs, and runs it again later', async () => {
    const { body, runs, open, signals } = slowTask()
    const life = lifeOf(body)
    const service = await life.start()
    open.one?.()
    await settle()
    const paused = service.pause('user', { deadlineMs: 500 })
    await life.clock.advance(499)
    expect([service.getSnapshot().value, signals[0]?.aborted]).toEqual(['checkpointing', false])
    await life.clock.advance(1)
    await paused
    expect(signals[0]?.aborted).toBe(true)
    expect(signals[0]?.reason).toBeInstanceOf(TaskInterruptedError)
    // What the abandoned run still does is nobody's.
    open.two?.()
    await settle()
    expect(service.machine.getSnapshot().value).toBe('working')
    await service.resume()
    await settle()
    expect(runs.filter((run) => / in /.test(run))).toEqual([
      'one in 1',
      'two in 1',
      'TaskInterruptedError in 1',
      'two in 2',
    ])
  })

  test.each([
    ['progress', ({ progress }: TaskScope<undefined, number>) => progress.set(1)],
    ['a step', ({ step }: TaskScope<undefined, number>) => step('one', () => 1)],
  ])('ends %s that the task does not wait for, and no process', async (_, begin) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    onTestFinished(() => void process.off('unhandledRejection', unhandled))
    let runs = 0
    const life = lifeOf(async (scope: TaskScope<undefined, number>) => {
      runs++
      await new Promise((resolve) => scope.interruption.addEventListener('abort', resolve))
      void begin(scope)
      await settle()
    })
    const service = await life.start()
    await service.pause()
    await service.resume()
    await settle()
    expect(unhandled).not.toHaveBeenCalled()
    expect(runs).toBe(2)
    expect(service.getSnapshot().value).toBe('running')
  })

  test('leaves it to the task to hear of a step that fails by itself', async () => {
    const heard: unknown[] = []
    const life = lifeOf(async ({ step }: TaskScope<undefined>) => {
      await step('one', () => Promise.reject(new RangeError('too far'))).catch((error) => heard.push(error))
    })
    await life.start()
    await settle()
    expect(heard).toEqual([new RangeError('too far')])
  })

  test('an abandoned run that goes on regardless changes nothing', async () => {
    const late = gate()
    let lives = 0
    const life = lifeOf(async ({ progress, step }: TaskScope<undefined, string>) => {
      const mine = ++lives
      if (mine === 1) {
        await late.promise
        await progress.set('stale').catch(() => {})
        await step('stale', () => 1).catch(() => {})
        return 'stale'
      }
      return step('fresh', never)
    })
    const service = await life.start()
    const paused = service.pause('user', { deadlineMs: 5 })
    await life.clock.advance(5)
    await paused
    await service.resume()
    await settle()
    late.open()
    await settle()
    const work = service.machine.getSnapshot().children.work?.getSnapshot()
    expect(work).toMatchObject({ status: 'active', steps: [] })
    expect(work?.progress).toBeUndefined()
    expect(service.machine.getSnapshot().value).toBe('working')
  })

  test('ends a task at its next progress too, which is kept', async () => {
    const chunk = gate()
    let lives = 0
    const life = lifeOf(async ({ progress }: TaskScope<undefined, number>) => {
      if (lives++ > 0) return progress.value
      await chunk.promise
      await progress.set(7)
      return 'went on'
    })
    const service = await life.start()
    const paused = service.pause()
    chunk.open()
    await paused
    await service.resume()
    await settle()
    expect(service.machine.getSnapshot().context.result).toBe(7)
  })

  test('that finds the task between steps ends it at the next one, before it begins', async () => {
    const between = gate()
    const runs: string[] = []
    const life = lifeOf(async ({ step }) => {
      await between.promise
      await step('one', () => void runs.push('one'))
    })
    const service = await life.start()
    const paused = service.pause()
    between.open()
    await paused
    expect(runs).toEqual([])
    await service.resume()
    await settle()
    expect(runs).toEqual(['one'])
  })

  test('a task that comes to its end meanwhile is done', async () => {
    const last = gate()
    const life = lifeOf(async () => {
      await last.promise
      return 'end'
    })
    const service = await life.start()
    const paused = service.pause()
    last.open()
    await paused
    await service.resume()
    expect(service.machine.getSnapshot()).toMatchObject({ value: 'done', context: { result: 'end' } })
  })

  test('a task that looks at `interrupted` may stop where it likes', async () => {
    const tick = gate()
    let lives = 0
    const life = lifeOf(async ({ interrupted, progress }: TaskScope<undefined, string>) => {
      if (lives++ > 0) return progress.value
      await tick.promise
      if (interrupted()) await progress.set('tidied up')
      return 'went on'
    })
    const service = await life.start()
    const paused = service.pause()
    tick.open()
    await paused
    await service.resume()
    await settle()
    expect(service.machine.getSnapshot().context.result).toBe('tidied up')
  })

  test('swallowed by the task ends it all the same: what it returns or throws then is not its end', async () => {
    for (const ending of ['returns', 'throws', 'goes on'] as const) {
      const first = gate()
      let lives = 0
      const refused: unknown[] = []
      const life = lifeOf(async ({ step }) => {
        const mine = ++lives
        try {
          await step('one', () => (mine === 1 ? first.promise : undefined))
          return await step('two', () => 'two')
        } catch (error) {
          refused.push(error)
          if (ending === 'throws') throw new Error('of its own')
          if (ending === 'goes on') {
            await step('three', () => refused.push('ran')).catch((again: unknown) => refused.push(again))
          }
          return 'swallowed'
        }
      })
      const service = await life.start()
      const paused = service.pause()
      first.open()
      await paused
      expect(refused.every((error) => error instanceof TaskInterruptedError)).toBe(true)
      expect(refused).toHaveLength(ending === 'goes on' ? 2 : 1)
      await service.resume()
      await settle()
      expect(service.machine.getSnapshot()).toMatchObject({ value: 'done', context: { result: 'two' } })
    }
  })

  test('that is over before the task noticed starts it again', async () => {
    const { body, runs, open } = slowTask()
    const life = lifeOf(body)
    const service = await life.start()
    void service.pause()
    const resumed = service.resume()
    await settle()
    open.one?.()
    await settle()
    open.two?.()
    await resumed
    await settle()
    expect(service.getSnapshot().value).toBe('running')
    expect(runs.filter((run) => run.startsWith('one in'))).toHaveLength(1)
    expect(service.machine.getSnapshot().context.result).toEqual(['one', 'two'])
  })

  test('an explicit checkpoint neither tells the task nor waits for it', async () => {
    const { body, runs, scopes } = slowTask()
    const service = await lifeOf(body).start()
    await service.checkpoint()
    expect(scopes[0]?.interrupted()).toBe(false)
    expect(runs).toEqual(['one in 1'])
  })
})

describe('a stop', () => {
  test('waits for the step, and the next start goes on after it', async () => {
    const { body, runs, open } = slowTask()
    const life = lifeOf(body)
    const service = await life.start()
    const stopped = service.stop()
    open.one?.()
    await stopped
    await life.start()
    await settle()
    expect(runs.filter((run) => / in /.test(run))).toEqual([
      'one in 1',
      'TaskInterruptedError in 1',
      'two in 2',
    ])
  })
})

describe('the machine leaves', () => {
  test('the task is aborted at once, and its end is nobody’s', async () => {
    const { body, open, signals } = slowTask()
    const life = lifeOf(body)
    const service = await life.start()
    await service.send({ type: 'CANCEL' })
    expect(signals[0]?.aborted).toBe(true)
    open.one?.()
    await settle()
    expect(service.machine.getSnapshot().value).toBe('cancelled')
    // Nothing is left that a pause would have to wait for.
    await service.pause('user', { deadlineMs: 2 ** 31 })
    const again = await life.restart()
    expect(again.machine.getSnapshot().value).toBe('cancelled')
    expect(signals).toHaveLength(1)
  })

  test('even before the task could begin: it never does', async () => {
    const { body, signals } = slowTask()
    const life = lifeOf(body)
    life.store.claim = ((claim) => async () => {
      const real = await claim()
      return new Proxy(real, {
        get: (target, name) =>
          // The first commit, which would start the task, takes until the machine has left.
          name === 'commit'
            ? async (batch: Parameters<typeof target.commit>[0]) => {
                if (batch[0]?.sequence === 1) await settle()
                return target.commit(batch)
              }
            : Reflect.get(target, name),
      })
    })(life.store.claim.bind(life.store))
    const starting = life.start()
    await new Promise<void>((resolve) => setImmediate(resolve))
    const service = life.supervisor.services()[0]
    await service?.send({ type: 'CANCEL' })
    await starting
    expect(service?.machine.getSnapshot().value).toBe('cancelled')
    expect(signals).toEqual([])
  })
})
