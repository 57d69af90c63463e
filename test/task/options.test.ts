import { InvalidOptionError, type TaskScope, task } from 'tardigrade'
import { expect, test } from 'vitest'
import { createActor, toPromise } from 'xstate'

/** As plain JavaScript has them, where TypeScript would tell. */
const any = (value: unknown) => value as never

const refusal = (body: (scope: TaskScope) => unknown) =>
  toPromise(createActor(task(async (scope: TaskScope) => body(scope), {})).start()).catch((error) => error)

test.each([
  [{ retry: { attempts: 3 } }, 'attempts'],
  [{ retry: { retries: -1 } }, 'retries'],
  [{ retry: { retries: Number.NaN } }, 'retries'],
  [{ retry: { retries: '3' } }, 'retries'],
  [{ retry: { minDelayMs: -5 } }, 'minDelayMs'],
  [{ retry: { shouldRetry: true } }, 'shouldRetry'],
  [{ retry: 5 }, 'of retry'],
  [{ retry: null }, 'of retry'],
  [{ retri: { retries: 3 } }, 'retri'],
])('the options %j are refused by a task and by a step', async (options, option) => {
  expect(() => task(async () => 1, any(options))).toThrow(expect.objectContaining({ option }))
  const tried: string[] = []
  const error = await refusal(({ step }) => step('a', () => void tried.push('a'), any(options)))
  expect(error).toBeInstanceOf(InvalidOptionError)
  expect(error).toMatchObject({ option })
  expect(tried).toEqual([])
})

test.each([[''], [undefined], [5]])('the name %j of a step is none', async (name) => {
  expect(await refusal(({ step }) => step(any(name), () => 1))).toMatchObject({
    code: 'INVALID_OPTION',
    option: 'name',
  })
})
