import { machineValueOf, peek, tryPeekWhole } from '../../checkpoint/peek.js'
import type { CheckpointRecord, TimerRecord } from '../../checkpoint/record.js'
import { decodeStored } from '../../inspect/stored/stored-values.js'
import { warnOfLog } from '../examine-log.js'
import { EXIT } from '../exit-codes.js'
import { due, moment, relative, size, span, stateText } from '../format.js'
import { type Output, toJson } from '../output.js'
import { type OwnerStatus, ownerStatus } from '../owner.js'
import { ownerSays } from '../owner-says.js'
import { isGoing, phaseText } from '../phase-text.js'
import { loadExisting, warnIfOlder, withReader } from '../store.js'
import { printFacts } from '../table.js'
import { dataJson, printTree } from '../tree.js'

/** `tardigrade show KEY`: what the newest checkpoint holds. @throws what is wrong with it, when it is damaged */
export function show(output: Output, key: string, { store }: { readonly store: string }): Promise<number> {
  return withReader(store, async (reader, place) => {
    const { folder } = place
    await warnIfOlder(output, reader, folder)
    warnOfLog(output, place)
    const stored = await loadExisting(reader, key, folder)
    const record = peek(stored)
    const owner = await ownerStatus(reader, folder)
    const { phase } = record
    const state = machineValueOf(record)
    const { length } = stored.text
    const said = await ownerSays(folder, owner, [{ key, phase }])
    const unbegun = said.unbegun.has(key)
    const holds = said.held.get(key) ?? record.holds
    if (output.json) {
      const standing = { phase, ...(unbegun && { unbegun }), state, holds }
      output.out(toJson({ store: folder, owner, key, ...standing, size: length, record }))
    } else {
      // What JSON makes null of, or another text, is shown as what it is, where the checkpoint tells.
      const whole = tryPeekWhole(stored, decodeStored)
      print(output, 'record' in whole ? whole.record : record, owner, { unbegun, holds }, length)
    }
    return EXIT.done
  })
}

function print(
  output: Output,
  record: CheckpointRecord,
  owner: OwnerStatus,
  { unbegun, holds }: { readonly unbegun: boolean; readonly holds: readonly string[] },
  length: number,
): void {
  const now = Date.now()
  const going = isGoing(record.phase, owner, unbegun)
  const { failure } = record
  printFacts(output, [
    ['key', record.key],
    ['service', `${record.service}, version ${record.version}${machineName(record)}`],
    ['phase', phaseText(record.phase, owner, unbegun)],
    ['state', stateText(machineValueOf(record)) || 'none'],
    ['sequence', `${record.sequence} (epoch ${record.epoch})`],
    ['saved', `${relative(record.savedAtMs, now)}, ${moment(record.savedAtMs)}`],
    ['size', size(length)],
    ['holds', holds.length === 0 ? 'none' : holds.join(', ')],
    ...(failure === undefined ? [] : [failureFact(failure)]),
  ])
  printTree(output, record.root)
  section(
    output,
    'timers',
    record.timers.map((timer) => {
      const { event, policy, target } = timer
      return `${event.type} to ${target.join('/') || 'the machine'}: ${whenDue(timer, record.phase, going, now)} (${policy})`
    }),
  )
  section(
    output,
    'inbox',
    record.inbox.map(({ event, key }, at) => {
      const named = key === undefined ? '' : ` with key ${key}`
      return `${dataJson(event)}${named}${at === failure?.inboxAt ? ', at which it failed' : ''}`
    }),
  )
  section(
    output,
    'outbox',
    record.outbox.map(({ kind, type, key }) => `${kind} ${type}, key ${key}`),
  )
}

/** The machine's own id, where it says more: XState calls one without `(machine)`. */
function machineName({ machine, service }: CheckpointRecord): string {
  return machine === '(machine)' || machine === service ? '' : `, machine ${machine}`
}

function failureFact(failure: NonNullable<CheckpointRecord['failure']>): readonly [string, string] {
  return ['failure', `${failure.message}\n(${failure.name}, ${moment(failure.atMs)})`]
}

function section(output: Output, title: string, lines: readonly string[]): void {
  if (lines.length > 0) printFacts(output, [[title, lines.join('\n')]])
}

/** When a timer fires; of one that stands still while its service rests, how long it takes once it goes on. */
function whenDue(
  timer: TimerRecord,
  phase: CheckpointRecord['phase'],
  going: boolean,
  nowMs: number,
): string {
  const { dueAtMs, remainingMs, delayMs, policy } = timer
  if (going || policy === 'deadline') {
    if (phase === 'failed' && dueAtMs <= nowMs) return 'as soon as it is retried'
    const condition = phase === 'failed' ? ', if it is retried by then' : ''
    return `${due(dueAtMs, nowMs)}, ${moment(dueAtMs)}${condition}`
  }
  return `${span(policy === 'restart' ? delayMs : remainingMs)} after it goes on`
}
