import { createSupervisor, defineService, UncapturableError } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { type AnyStateMachine, fromCallback, setup, spawnChild, stopChild } from 'xstate'

/*
 * XState puts a child in the place of a live one of the same id: that one goes on, and nobody can stop it.
 * Promise: the transition that does so is kept by no checkpoint, and what has lost its place is ended.
 */

/** A machine whose event GO does what `actions` say, and who is at work for it. */
function life(actions: unknown) {
  const working = new Set<number>()
  let begun = 0
  const work = fromCallback(() => {
    const own = begun++
    working.add(own)
    return () => working.delete(own)
  })
  const child = setup({ actors: { work } }).createMachine({ invoke: { src: 'work', id: 'inner' } })
  const machine: AnyStateMachine = setup({ actors: { work, child } }).createMachine({
    id: 'life',
    // XState types actions by the machine, which is made here alone.
    on: { GO: { actions: actions as never } },
  })
  return { machine, working }
}

async function run(machine: AnyStateMachine, events: number): Promise<string> {
  const failures: Error[] = []
  const onFailed = (_: unknown, error: Error) => void failures.push(error)
  await using supervisor = await createSupervisor({ store: memoryStore(), onFailed, onWarning: () => {} })
  const service = await supervisor.start(defineService({ id: 'life', version: 1, machine }))
  for (let sent = 0; sent < events; sent++) await service.send({ type: 'GO' }).catch(() => {})
  for (const error of failures) expect(error).toBeInstanceOf(UncapturableError)
  return `${service.getSnapshot().value} ${failures.map(({ message }) => message).join()}`
}

const refused =
  'failed The actor c cannot be kept in a checkpoint: another was spawned under its id. Stop it first, or choose another id.'

test.each([
  ['by a later event', spawnChild('work', { id: 'c' }), 2],
  ['two of them in one transition', ['c', 'd'].map((id) => spawnChild('work', { id })), 2],
  ['in one list', [spawnChild('work', { id: 'c' }), spawnChild('work', { id: 'c' })], 1],
  ['which is a machine with work of its own', spawnChild('child', { id: 'c' }), 2],
])('a child whose place is taken is ended, and the service fails: %s', async (_, actions, events) => {
  const { machine, working } = life(actions)
  expect(await run(machine, events)).toBe(refused)
  expect(working.size).toBe(0)
})

test('one that is stopped in the same transition gives its id to another', async () => {
  const { machine, working } = life([stopChild('c'), spawnChild('work', { id: 'c' })])
  expect(await run(machine, 3)).toBe('running ')
  expect(working.size).toBe(0)
})
