import { expect, test } from 'vitest'
import { newTask, nextTask } from '../../src/task/snapshot.js'

const running = nextTask(newTask<string, number, number>(5), {
  type: 'tardigrade.task.progress',
  value: 1,
})

test('a task that is stopped keeps what it had reached, and no input', () => {
  expect(nextTask(running, { type: 'xstate.stop' })).toEqual({
    ...running,
    status: 'stopped',
    output: undefined,
    error: undefined,
    input: undefined,
  })
})

test.each([
  nextTask(running, { type: 'tardigrade.task.done', output: 'over' }),
  nextTask(running, { type: 'tardigrade.task.failed', error: 'odd' }),
  nextTask(running, { type: 'xstate.stop' }),
])('nothing happens any more to one that is $status', (ended) => {
  expect(nextTask(ended, { type: 'tardigrade.task.progress', value: 2 })).toBe(ended)
  expect(nextTask(ended, { type: 'xstate.stop' })).toBe(ended)
})
