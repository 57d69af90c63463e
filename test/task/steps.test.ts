import { effectKey, TaskInterruptedError, type TaskScope } from 'tardigrade'
import { describe, expect, test } from 'vitest'
import { settle } from '../kit/clock.js'
import { gate, lifeOf } from './kit.js'

/** What a process that is killed meanwhile waits for. */
const never = () => new Promise<never>(() => {})

test('a step or progress that comes when the task has ended is refused, and what it would do is not done', async () => {
  const body = gate()
  const done: string[] = []
  let late: Promise<unknown> | undefined
  let set: Promise<unknown> | undefined
  const life = lifeOf(({ step, progress }: TaskScope<unknown, number>) => {
    const after = body.promise.then(() => undefined)
    late = after.then(() => step('late', () => done.push('late'))).catch((error: unknown) => error)
    set = after.then(() => progress.set(1)).catch((error: unknown) => error)
    return step('in time', () => done.push('in time'))
  })
  await life.start()
  await settle()
  body.open()
  expect(await late).toBeInstanceOf(TaskInterruptedError)
  expect(await set).toBeInstanceOf(TaskInterruptedError)
  expect(done).toEqual(['in time'])
})

describe('killed at every boundary', () => {
  /**
   * Three steps, a loop with progress, a last step; `act` is where it touches the world. Each kill point
   * cuts one act off: before it, or after it and before its end was durable.
   */
  const script =
    (act: (what: string, key: string) => Promise<void>) =>
    async ({ step, progress, key }: TaskScope<{ n: number }, number>) => {
      const one = await step('one', async ({ key }) => {
        await act('one', key)
        return new Map([['size', 3n]])
      })
      const two = await step('two', async ({ key }) => {
        await act('two', key)
        return new Date(5)
      })
      for (let at = progress.value ?? 0; at < 3; at++) {
        await act(`chunk ${at}`, key(at))
        await progress.set(at + 1)
      }
      return step('three', async ({ key }) => {
        await act('three', key)
        return { one, two, end: true }
      })
    }
  const all = ['one', 'two', 'chunk 0', 'chunk 1', 'chunk 2', 'three']

  for (const [index, what] of all.entries()) {
    for (const when of ['before', 'after'] as const) {
      test(`${when} ${what}: what was durable is not done again, the rest is, under the same keys`, async () => {
        const done: { what: string; key: string }[] = []
        let lives = 0
        let killed = false
        const life = lifeOf(
          (scope: TaskScope<{ n: number }, number>) => {
            lives++
            return script(async (name, key) => {
              if (name === what && when === 'before' && !killed) return never()
              done.push({ what: name, key })
              if (name === what && when === 'after' && !killed) return never()
            })(scope)
          },
          { input: { n: 3 } },
        )
        await life.start()
        await settle()
        expect(done.map(({ what }) => what)).toEqual(all.slice(0, when === 'before' ? index : index + 1))
        killed = true
        const service = await life.restart()
        await settle()
        expect(lives).toBe(2)
        const expected = when === 'before' ? all : [...all.slice(0, index + 1), ...all.slice(index)]
        expect(done.map(({ what }) => what)).toEqual(expected)
        // One key for each act, whenever it ran, and no two acts share one.
        const keys = new Map(done.map(({ what, key }) => [what, key]))
        for (const { what, key } of done) expect(key).toBe(keys.get(what))
        expect(new Set(keys.values()).size).toBe(all.length)
        const { value, context } = service.machine.getSnapshot()
        expect(value).toBe('done')
        expect(context.result).toEqual({ one: new Map([['size', 3n]]), two: new Date(5), end: true })
      })
    }
  }

  test('killed in every life, it comes to its end all the same', async () => {
    const done: string[] = []
    let left = 1
    const life = lifeOf(
      (scope: TaskScope<{ n: number }, number>) => {
        left = 1
        return script(async (name) => {
          if (left-- === 0) return never()
          done.push(name)
        })(scope)
      },
      { input: { n: 3 } },
    )
    let service = await life.start()
    for (let round = 0; round < all.length; round++) {
      await settle()
      service = await life.restart()
    }
    await settle()
    expect(service.machine.getSnapshot().value).toBe('done')
    expect(done).toEqual(all)
  })
})

describe('a step', () => {
  test('is durable before the next line runs', async () => {
    const commit = gate()
    let hold = false
    const lines: string[] = []
    const life = lifeOf(async ({ step }) => {
      await step('one', () => {
        hold = true
        return 'first'
      })
      lines.push('next line')
      return 'end'
    })
    const claim = life.store.claim.bind(life.store)
    life.store.claim = async () => {
      const real = await claim()
      return new Proxy(real, {
        get: (target, name) => {
          if (name !== 'commit') return Reflect.get(target, name)
          return async (batch: never) => {
            if (hold) await commit.promise
            return target.commit(batch)
          }
        },
      })
    }
    await life.start()
    await settle()
    expect(hold).toBe(true)
    expect(lines).toEqual([])
    commit.open()
    await settle()
    expect(lines).toEqual(['next line'])
  })

  test('gives what it returned back of the same kind in a later life', async () => {
    const value = {
      date: new Date(1),
      map: new Map<string, unknown>([['set', new Set([1n])]]),
      bytes: new Uint8Array([1, 2]),
      nothing: undefined,
      nan: Number.NaN,
      error: new RangeError('far', { cause: 'out' }),
    }
    const seen: unknown[] = []
    let lives = 0
    const life = lifeOf(async ({ step }) => {
      seen.push(await step('one', () => value))
      seen.push(await step('none', () => {}))
      if (lives++ === 0) return never()
      return 'end'
    })
    await life.start()
    await settle()
    await life.restart()
    await settle()
    expect(seen).toHaveLength(4)
    expect(seen[2]).toEqual(value)
    expect(seen[2]).not.toBe(value)
    expect(seen[3]).toBeUndefined()
  })

  test('of a name that came before in the same run is refused, inside the task', async () => {
    const life = lifeOf(async ({ step }) => {
      await step('same', () => 1)
      await step('same', () => 2)
    })
    const service = await life.start()
    await settle()
    const { value, context } = service.machine.getSnapshot()
    expect(value).toBe('failed')
    expect(context.error).toMatchObject({ code: 'DUPLICATE_STEP', step: 'same' })
  })

  test('steps that run at once are each durable, and each run once', async () => {
    const runs: string[] = []
    const slow = gate<string>()
    let lives = 0
    const life = lifeOf(async ({ step }) => {
      lives++
      const run = (name: string, result: () => Promise<string>) =>
        step(name, () => {
          runs.push(name)
          return result()
        })
      return Promise.all([
        run('a', async () => 'A'),
        run('b', () => (lives === 1 ? never() : slow.promise)),
        run('c', async () => 'C'),
      ])
    })
    await life.start()
    await settle()
    const service = await life.restart()
    await settle()
    expect(runs).toEqual(['a', 'b', 'c', 'b'])
    slow.open('B')
    await settle()
    expect(service.machine.getSnapshot().context.result).toEqual(['A', 'B', 'C'])
  })

  test('that returns what no checkpoint can keep fails the service, with the path', async () => {
    const life = lifeOf(async ({ step }) => {
      await step('one', () => ({ deep: [() => {}] }))
    })
    const service = await life.start()
    await settle()
    expect(service.getSnapshot().value).toBe('failed')
    expect(life.failures).toMatchObject([{ code: 'UNENCODABLE', kind: 'function' }])
    expect(life.failures[0]?.message).toContain('steps.0.output.deep.0')
  })

  test('that throws fails the task, and none of its results are lost on the way', async () => {
    const life = lifeOf(async ({ step }) => {
      await step('one', () => 1)
      return step('two', () => {
        throw new RangeError('no')
      })
    })
    const service = await life.start()
    await settle()
    const { value, context } = service.machine.getSnapshot()
    expect([value, (context.error as Error).message]).toEqual(['failed', 'no'])
    const again = await life.restart()
    expect(again.machine.getSnapshot().context.error).toBeInstanceOf(RangeError)
  })

  test('whose error the task catches is no step: another of a new name may try again', async () => {
    const life = lifeOf(async ({ step }) => {
      const tried = await step('try', () => Promise.reject(new Error('no'))).catch(() => 'caught')
      return [tried, await step('again', () => 'yes')]
    })
    const service = await life.start()
    await settle()
    expect(service.machine.getSnapshot().context.result).toEqual(['caught', 'yes'])
  })
})

describe('progress', () => {
  test('is undefined before it is set, and what was set last in a later life', async () => {
    const seen: unknown[] = []
    const life = lifeOf(async ({ progress }: TaskScope<undefined, { at: number }>) => {
      seen.push(progress.value)
      if (seen.length < 3) {
        await progress.set({ at: seen.length })
        expect(progress.value).toEqual({ at: seen.length })
        await never()
      }
      return 'end'
    })
    await life.start()
    await life.restart()
    await life.restart()
    await settle()
    expect(seen).toEqual([undefined, { at: 1 }, { at: 2 }])
  })

  test('can be set back to undefined', async () => {
    const seen: unknown[] = []
    const life = lifeOf(async ({ progress }: TaskScope<undefined, number>) => {
      seen.push(progress.value)
      if (seen.length > 1) return 'end'
      await progress.set(5)
      await progress.set(undefined as never)
      return never()
    })
    await life.start()
    await settle()
    await life.restart()
    await settle()
    expect(seen).toEqual([undefined, undefined])
  })
})

describe('keys', () => {
  test('are the task’s own and stable: of its run, its steps and its parts', async () => {
    const seen: unknown[] = []
    const life = lifeOf(async ({ key, step }) => {
      // Read before the first await, as for any promise.
      const own = effectKey()
      await step('one', ({ key }) => void seen.push(key))
      seen.push([own, key('part'), key(7)])
      return never()
    })
    await life.start()
    await settle()
    await life.restart()
    await settle()
    const [step, first, second] = seen as [string, string[], string[]]
    expect(second).toEqual(first)
    const own = String(first[0])
    expect(own).toMatch(/^work\/life\/lfls_1\/1\/\d+$/)
    expect(step).toBe(`${own}/one`)
    expect(first).toEqual([own, `${own}/part`, `${own}/7`])
  })
})
