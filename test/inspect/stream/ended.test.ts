import { defineService, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { ManualClock, settle } from '../../kit/clock.js'
import { Notebook } from './kit.js'

test('an actor that has done its work is told as ended, once, and does not come back', async () => {
  const clock = new ManualClock()
  const notebook = new Notebook(undefined, clock)
  const job = defineService({
    id: 'job',
    version: 1,
    machine: setup({ actors: { work: task(async () => 'done') } }).createMachine({
      initial: 'busy',
      states: { busy: { invoke: { src: 'work', id: 'work', onDone: 'idle' } }, idle: {} },
    }),
  })
  const supervisor = await notebook.supervise({ store: memoryStore(), clock, definitions: [job] })
  const service = await supervisor.start(job)
  await settle()
  expect(service.machine.getSnapshot().value).toBe('idle')
  notebook.recorder.flush()
  const ofWork = notebook.entries.filter((entry) => 'actor' in entry && entry.actor?.join() === 'work')
  expect(ofWork.map(({ kind }) => kind)).toEqual(['actor', 'ended'])
  await supervisor.close()
})
