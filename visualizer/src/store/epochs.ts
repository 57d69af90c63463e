import type { Moments } from '../store/moments.js'

/** Whether no other process had the store between the recorded commits before and after a moment than those that have told of the service: each takes the next epoch. */
export function isOfRecorder(moments: Moments, index: number): boolean {
  const [before, after] = [commitFrom(moments, index - 1, -1), commitFrom(moments, index, 1)]
  if (before === undefined || after === undefined) return false
  let starts = 0
  for (let at = before.at + 1; at <= after.at; at++)
    if (moments.at(at)?.incarnation !== moments.at(at - 1)?.incarnation) starts++
  return after.epoch - before.epoch === starts
}

function commitFrom(moments: Moments, index: number, step: 1 | -1) {
  for (let at = index; ; at += step) {
    const moment = moments.at(at)
    if (moment === undefined) return undefined
    if (moment.type === 'entry' && moment.entry.kind === 'commit' && moment.entry.ok)
      return { at, epoch: moment.entry.epoch }
  }
}
