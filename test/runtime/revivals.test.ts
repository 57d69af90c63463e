import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import type { Conductor } from '../../src/runtime/conductor.js'
import { Resumption } from '../../src/runtime/resumption.js'
import { Revivals } from '../../src/runtime/revivals.js'
import { beginningLifecycle, lifecycleMachine } from '../../src/service/lifecycle.js'

test('whoever waits for a revival that has not begun yet leaves the thread to others', async () => {
  const input = { key: 'k', holds: [] }
  const lifecycle = createActor(lifecycleMachine, { input, snapshot: beginningLifecycle('k', []) }).start()
  // As between two lives under chaos: the lifecycle asks for a revival, and the command waits for its turn.
  const conductor = {
    lifecycle,
    get state() {
      return lifecycle.getSnapshot().value
    },
  } as unknown as Conductor
  let over = false
  const waits = new Revivals(conductor, new Resumption(undefined), false).over().then(() => {
    over = true
  })
  await new Promise(setImmediate)
  expect([lifecycle.getSnapshot().value, over]).toEqual(['resuming', false])
  lifecycle.send({ type: 'lifecycle.revived' })
  await waits
  expect(over).toBe(true)
})
