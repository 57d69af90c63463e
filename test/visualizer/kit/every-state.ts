import { lampMachine } from './demo.js'
import { Recording } from './recording.js'

/** A process that has the store and does not record. */
export const owner = { epoch: 3, pid: 999, claimedAtMs: 1, exists: true }

/** As the store holds it: a newest checkpoint, by default that which was recorded of the same number. */
export function stored(key: string, checkpoint: number, epoch = 3) {
  return {
    key,
    definition: 'lamp',
    version: 1,
    checkpoint,
    epoch,
    savedAtMs: 1,
    size: 1840,
    phase: 'running',
  }
}

/** One service in each state: first those of a process that has ended, whose commits are numbered as they stand. */
export function everyState(): Recording {
  const recording = new Recording('p1', true)
  for (const key of ['interrupted', 'damaged', 'removed']) recording.service(key, lampMachine()).start()
  recording.restart('p2')
  for (const state of ['running', 'resuming', 'checkpointing', 'paused', 'failed', 'stopped', 'done'])
    recording.service(state, lampMachine()).start().lifecycle(state, 'lifecycle.durable')
  recording.service('asleep', lampMachine()).start().tell({ kind: 'asleep' })
  recording.messages.push({
    type: 'stored',
    services: [
      stored('interrupted', 1),
      { ...stored('damaged', 2), damage: { code: 'DAMAGED_CHECKPOINT', message: 'The checksum is wrong.' } },
      stored('running, not recorded', 9),
      stored('running or interrupted', 9, 2),
    ],
    removed: [],
    complete: true,
    owner,
  })
  return recording
}
