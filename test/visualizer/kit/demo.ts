import { type AnyStateMachine, createMachine, fromPromise } from 'xstate'
import { makeSyncMachine } from '../../../machines/sync/machine.js'
import { transferMachine } from '../../../machines/transfer/machine.js'
import { TransferError } from '../../../machines/transfer/problem.js'
import { Recording } from './recording.js'

/** Promises that come to their end when the recording says so. */
class Works {
  readonly #waiting: { resolve(value: unknown): void; reject(error: unknown): void }[] = []

  readonly logic = fromPromise(
    () => new Promise((resolve, reject) => this.#waiting.push({ resolve, reject })),
  )

  async done(value?: unknown): Promise<void> {
    this.#waiting.shift()?.resolve(value)
    await settled()
  }

  async failed(error: Error): Promise<void> {
    this.#waiting.shift()?.reject(error)
    await settled()
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

/** The machine with other actors in the places of its tasks: the types of what they answer do not matter here. */
function withActors(machine: AnyStateMachine, names: readonly string[], works: Works): AnyStateMachine {
  return machine.provide({ actors: Object.fromEntries(names.map((name) => [name, works.logic])) })
}

/** A desk of several services in several states: a transfer that has met a bad network, after a crash; a sync; and many lamps. */
export async function demo(): Promise<Recording> {
  const recording = new Recording('p1', true)
  const names = ['measure', 'copy', 'verify', 'discard']
  const [killed, works] = [new Works(), new Works()]
  const input = { from: '/srv/invoices/7.pdf', to: 'https://archive.example/invoices/' }
  const before = recording.service('invoice-7', withActors(transferMachine, names, killed), input).start()
  before.actors('measure')
  recording.nowMs += 640
  await killed.done({
    place: 'https://archive.example/invoices/7.pdf',
    facts: { size: 48_200_312, mtimeMs: 1 },
  })
  before.step('xstate.done.actor.0.transfer.measuring')
  before.tell({ kind: 'ended', actor: ['0.transfer.measuring'] })
  before.actors('0.transfer.copying')
  recording.commit('invoice-7')

  recording.nowMs += 42_000
  recording.restart('p2')
  const again = recording.service('invoice-7', withActors(transferMachine, names, works), input, 2).start()
  await works.done({
    place: 'https://archive.example/invoices/7.pdf',
    facts: { size: 48_200_312, mtimeMs: 1 },
  })
  recording.nowMs += 310
  again.step('xstate.done.actor.0.transfer.measuring')
  again.actors('0.transfer.copying')
  recording.commit('invoice-7')
  recording.nowMs += 2210
  await works.failed(
    new TransferError('network', 'The connection to https://archive.example failed: ECONNRESET.'),
  )
  again.step('xstate.error.actor.0.transfer.copying')
  again.tell({ kind: 'ended', actor: ['0.transfer.copying'] })
  const action = { effectKind: 'action' as const, actor: [], name: 'noteProblem' }
  again.tell({ kind: 'effect', effect: 1, change: 'waiting', what: action })
  recording.nowMs += 2
  recording.commit('invoice-7')
  again.tell({ kind: 'effect', effect: 1, change: 'released' })
  again.tell({ kind: 'effect', effect: 1, change: 'done' })

  // An office with a clerk: events go to and fro between them.
  const office = recording
    .service('office', createMachine({ id: 'office', initial: 'open', states: { open: {} } }))
    .start()
  office.tell({
    kind: 'actor',
    actor: ['clerk'],
    logic: 'clerk',
    snapshot: { status: 'active', value: 'ready' },
  })
  const [clerk, machine] = [['clerk'], []]
  office.tell({ kind: 'event', to: machine, event: { type: 'LETTER' } })
  office.tell({ kind: 'event', from: machine, to: clerk, event: { type: 'STAMP' } })
  office.tell({ kind: 'event', from: clerk, to: clerk, event: { type: 'INK' } })
  office.tell({ kind: 'event', from: clerk, to: machine, event: { type: 'STAMPED' } })

  const sync = withActors(makeSyncMachine({ policies: {} } as never), ['push', 'pull'], works)
  recording
    .service('contacts', sync, {
      url: 'https://contacts.example',
      database: 'contacts.db',
      table: 'people',
      policy: 'server-wins',
    })
    .start()
  const lamp = lampMachine()
  const states = [
    'running',
    'running',
    'running',
    'paused',
    'running',
    'stopped',
    'failed',
    'running',
    'done',
  ]
  for (let at = 0; at < 60; at++) {
    recording.nowMs += 37
    const state = states[at % states.length] ?? 'running'
    const service = recording.service(`lamp-${String(at + 1).padStart(2, '0')}`, lamp).start()
    if (at % 3 === 0) service.send({ type: 'PRESS' })
    if (state === 'paused') service.tell({ kind: 'hold', change: 'set', hold: 'offline', by: 'node' })
    if (state !== 'running') service.lifecycle(state, 'lifecycle.durable')
  }
  recording.nowMs += 1400
  // The last word is of the service that is looked at.
  recording.commit('invoice-7')
  return recording
}

export function lampMachine(): AnyStateMachine {
  return createMachine({
    id: 'lamp',
    context: { presses: 0 },
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' }, after: { 60000: 'off' } } },
  })
}
