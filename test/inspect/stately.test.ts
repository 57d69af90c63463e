import { createSupervisor, defineService } from 'tardigrade'
import { statelyInspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, describe, expect, test } from 'vitest'
import { fromPromise, setup } from 'xstate'
import { Life } from '../kit/kill.js'
import { counter } from '../runtime/machines.js'
import { type Frame, Receiver } from './kit.js'
import { office, parent, vault } from './machines.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function receiving() {
  const receiver = await Receiver.listen()
  closers.push(() => receiver.die())
  return receiver
}

async function inspecting(url: string, options: object = {}) {
  const stately = await statelyInspector({ way: 'websocket', url, ...options })
  closers.push(() => stately.close())
  return stately
}

const MACHINE = 'office/life'
const LIFECYCLE = 'office/life (lifecycle)'

describe('a service in Stately’s inspector', () => {
  test('is its lifecycle with the machine under it, and the machine’s actors under that', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const life = new Life(office, undefined, { inspect })
    const service = await life.start()
    await service.send({ type: 'OPEN' })
    await receiver.until(({ sessionId }) => sessionId === `${MACHINE}/desk/clerk`)
    expect(receiver.actors().sort()).toEqual([
      ['clerk', `${MACHINE}/desk`, `${MACHINE}/desk/clerk`],
      ['desk', MACHINE, `${MACHINE}/desk`],
      ['life (lifecycle)', undefined, LIFECYCLE],
      ['life', LIFECYCLE, MACHINE],
      ['post', MACHINE, `${MACHINE}/post`],
    ])
    expect(new Set(receiver.frames.map(({ rootId }) => rootId))).toEqual(new Set([LIFECYCLE]))
  })

  test('introduces each actor after the one under which it stands, in each life', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const post = fromPromise(() => new Promise(() => {}))
    const invoke = ['first', 'deep'].map((id) => ({ src: 'post' as const, id }))
    const inner = setup({ actors: { post } }).createMachine({ invoke })
    const machine = setup({ actors: { inner, post } }).createMachine({
      invoke: [
        { src: 'post', id: 'outer' },
        { src: 'inner', id: 'inner' },
      ],
    })
    const definition = defineService({ id: 'house', version: 1, machine })
    const life = new Life(definition, undefined, { inspect })
    const service = await life.start()
    await service.pause('user')
    await service.resume('user')
    const isDeep = ({ type, name }: Frame) => type === '@xstate.actor' && name === 'deep'
    await receiver.until(() => receiver.frames.filter(isDeep).length === 2)
    const known = new Set<string | undefined>([undefined])
    for (const [name, parentId, sessionId] of receiver.actors()) {
      expect(known, name).toContain(parentId)
      known.add(sessionId)
    }
  })

  test('shows states, events with their sources, contexts and the whole definition', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const service = await new Life(office, undefined, { inspect }).start()
    await service.send({ type: 'OPEN' })
    await service.send({ type: 'LETTER' })
    const counted = await receiver.until(
      ({ event, type }) => type === '@xstate.snapshot' && event?.type === 'LETTER',
    )
    expect(counted.snapshot).toMatchObject({
      status: 'active',
      value: 'open',
      context: { letters: 1 },
      children: { desk: { id: 'desk', xstate$$type: 1 } },
      tags: [],
    })
    const registered = await receiver.until(({ name }) => name === 'life')
    expect(registered.snapshot).toMatchObject({ value: 'closed' })
    expect(JSON.parse(registered.definition ?? '')).toMatchObject({
      id: 'office',
      states: { open: { invoke: [{ src: 'desk' }, { src: 'post' }], on: { LEAVE: 'closed' } } },
    })
    await receiver.state(LIFECYCLE, 'running')
    const started = await receiver.until(({ sessionId }) => sessionId === `${MACHINE}/desk`)
    expect(started.type).toBe('@xstate.actor')
    const init = await receiver.until(
      ({ type, sessionId }) => type === '@xstate.event' && sessionId === `${MACHINE}/desk`,
    )
    expect(init.sourceId).toBe(MACHINE)
  })

  test('keeps its place when it is killed and goes on: introduced once a life, under the same names', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const life = new Life(office, undefined, { inspect })
    const service = await life.start()
    await service.send({ type: 'OPEN' })
    await service.send({ type: 'LETTER' })
    await life.restart()
    const again = await life.restart()
    await again.send({ type: 'LETTER' })
    await receiver.until(({ snapshot }) => JSON.stringify(snapshot?.context) === '{"letters":2}')
    const introduced = receiver.actors().map(([, , sessionId]) => sessionId)
    const once = [LIFECYCLE, MACHINE, `${MACHINE}/desk`, `${MACHINE}/desk/clerk`, `${MACHINE}/post`]
    expect(introduced.sort()).toEqual([...once, ...once, ...once].sort())
    const machines = receiver.frames.filter(({ name }) => name === 'life')
    expect(machines.map(({ snapshot }) => [snapshot?.value, snapshot?.context])).toEqual([
      ['closed', { letters: 0 }],
      ['open', { letters: 1 }],
      ['open', { letters: 1 }],
    ])
  })

  test('keeps its place through a pause and a sleep', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const life = new Life(counter(), undefined, { inspect, idleAfterMs: 1000 })
    const service = await life.start()
    await service.pause()
    await receiver.state('counter/life (lifecycle)', 'paused')
    await service.resume()
    expect(life.supervisor.letGoIdle()).toBe(1)
    await (await life.supervisor.get('life')).send({ type: 'INC' })
    await receiver.until(({ event, type }) => type === '@xstate.snapshot' && event?.type === 'INC')
    const machine = receiver.actors().filter(([name]) => name === 'life')
    expect(machine).toEqual(Array(3).fill(['life', 'counter/life (lifecycle)', 'counter/life']))
    expect(new Set(receiver.frames.map(({ rootId }) => rootId)).size).toBe(1)
  })

  test('shows a promise that has failed, with its error', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const service = await new Life(vault, { password: 'x' }, { inspect }).start()
    await service.send({ type: 'FAIL', reason: 'no key' })
    const failed = await receiver.until(
      ({ sessionId, snapshot }) => sessionId === 'vault/life/fails' && snapshot?.status === 'error',
    )
    expect(failed.snapshot).toMatchObject({ error: { name: 'Error', message: 'no key' } })
  })
})

describe('actors of which XState says little', () => {
  test('a machine that failed in a transition is shown as failed, though only its parent hears of it', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const service = await new Life(parent, undefined, { inspect }).start()
    await service.send({ type: 'BREAK' })
    const failed = await receiver.until(
      ({ sessionId, snapshot }) => sessionId === 'parent/life/child' && snapshot?.status === 'error',
    )
    expect(failed.snapshot).toMatchObject({ error: { name: 'Error', message: 'broken' } })
  })

  test('one that ended in an earlier life and is only referred to is not introduced again', async () => {
    const receiver = await receiving()
    const { inspect } = await inspecting(receiver.url)
    const life = new Life(parent, undefined, { inspect })
    const service = await life.start()
    await service.send({ type: 'DROP' })
    await receiver.until(({ snapshot }) => snapshot?.status === 'stopped')
    receiver.frames.length = 0
    const again = await life.restart()
    expect(again.machine.getSnapshot().context.last?.id).toBe('child')
    await again.send({ type: 'NOTHING' })
    await receiver.until(({ event, type }) => type === '@xstate.snapshot' && event?.type === 'NOTHING')
    expect(receiver.actors().map(([name]) => name)).toEqual(['life (lifecycle)', 'life'])
  })
})

describe('which services are shown', () => {
  test('all of a supervisor, or those that are chosen', async () => {
    const receiver = await receiving()
    const asked: object[] = []
    const only = (service: { readonly key: string }) => {
      asked.push(service)
      return service.key === 'b'
    }
    const { inspect } = await inspecting(receiver.url, { only })
    const supervisor = await createSupervisor({ store: memoryStore(), inspect })
    await supervisor.start(counter(), { key: 'a' })
    await supervisor.start(counter(), { key: 'b' })
    await receiver.state('counter/b (lifecycle)', 'running')
    expect(receiver.actors().map(([name]) => name)).toEqual(['b (lifecycle)', 'b'])
    expect(asked).toContainEqual({ definition: 'counter', key: 'a', part: 'machine' })
    await supervisor.close()
  })

  test('under a label, where several processes share a receiver; names never run into one another', async () => {
    const receiver = await receiving()
    const keys = ['a/b', 'a%2Fb', 'b', 'b (lifecycle)']
    for (const label of ['worker/1', undefined]) {
      const { inspect } = await inspecting(receiver.url, label === undefined ? {} : { label })
      const supervisor = await createSupervisor({ store: memoryStore(), inspect })
      for (const key of keys) await supervisor.start(counter(), { key })
      const all = () => receiver.actors().length === (label === undefined ? 16 : 8)
      await receiver.until(all)
      await supervisor.close()
    }
    expect(new Set(receiver.actors().map(([, , id]) => id)).size).toBe(16)
    expect(receiver.actors().map(([name]) => name)).toContain('worker/1: a/b (lifecycle)')
  })
})
