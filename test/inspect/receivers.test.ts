import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createWebSocketReceiver } from '@statelyai/inspect'
import { createInspectorServer } from '@statelyai/inspect/server'
import { createSupervisor, type TardigradeError } from 'tardigrade'
import { PortInUseError, ReceiverUnreachableError, statelyInspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock, settle } from '../kit/clock.js'
import { counter } from '../runtime/machines.js'
import { Collected, freePort, Receiver } from './kit.js'
import { vault } from './machines.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Stately's own receiver. */
function realReceiver(url: string): Collected {
  const collected = new Collected()
  createWebSocketReceiver({ server: url }).subscribe((event) => collected.add(JSON.stringify(event)))
  return collected
}

const running = (receiver: Collected) => receiver.state('counter/k (lifecycle)', 'running')

describe('Stately’s own receiver', () => {
  test('gets everything from its own server, to which services send', async () => {
    const port = await freePort()
    const server = createInspectorServer({ port, autoOpen: false })
    closers.push(() => server.stop())
    const url = `ws://localhost:${port}`
    const stately = await statelyInspector({ way: 'websocket', url })
    closers.push(() => stately.close())
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    const service = await supervisor.start(counter(), { key: 'k' })
    const receiver = realReceiver(url)
    await running(receiver)
    await service.send({ type: 'INC' })
    await receiver.until(({ snapshot }) => JSON.stringify(snapshot?.context) === '{"n":1,"seen":[]}')
    expect(receiver.actors().map(([name]) => name)).toEqual(['k (lifecycle)', 'k'])
    await supervisor.close()
  })

  test('gets everything from the server that the inspector runs, whose end ends it for all', async () => {
    const port = await freePort()
    const stately = await statelyInspector({ way: 'server', port })
    closers.push(() => stately.close())
    expect(stately.address).toBe(`http://localhost:${port}`)
    const page = await (await fetch(stately.address ?? '')).text()
    expect(page).toContain('src="https://stately.ai/inspect"')
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    await supervisor.start(counter(), { key: 'k' })
    await running(realReceiver(`ws://localhost:${port}`))
    await supervisor.close()
    // The receiver is still connected, as an open page would be.
    await stately.close()
    await expect(fetch(stately.address ?? '')).rejects.toThrow()
  })

  test('is told of a port in use, which does the process no harm', async () => {
    const taken = createServer().listen(0)
    await once(taken, 'listening')
    closers.push(() => taken.close())
    const { port } = taken.address() as { readonly port: number }
    const starting = statelyInspector({ way: 'server', port })
    await expect(starting).rejects.toBeInstanceOf(PortInUseError)
    await expect(starting).rejects.toMatchObject({ code: 'PORT_IN_USE', port })
  })
})

describe('a receiver', () => {
  const warnings: TardigradeError[] = []
  const onWarning = (warning: TardigradeError) => void warnings.push(warning)
  afterEach(() => {
    warnings.length = 0
  })

  test('that is not there holds nothing up; when it comes, it is told of all from the beginning', async () => {
    const clock = new ManualClock()
    const port = await freePort()
    const url = `ws://127.0.0.1:${port}`
    const stately = await statelyInspector({ way: 'websocket', url, clock, onWarning })
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    const service = await supervisor.start(counter(), { key: 'k' })
    await service.send({ type: 'INC' })
    expect(warnings).toEqual([expect.any(ReceiverUnreachableError)])
    expect(warnings[0]).toMatchObject({ code: 'RECEIVER_UNREACHABLE', url })
    const receiver = await Receiver.listen(port)
    closers.push(() => receiver.die())
    await clock.advance(250)
    await receiver.until(({ event, type }) => type === '@xstate.snapshot' && event?.type === 'INC')
    const machine = receiver.frames.filter(({ sessionId }) => sessionId === 'counter/k')
    expect(machine[0]).toMatchObject({ type: '@xstate.actor', snapshot: { context: { n: 0 } } })
    await supervisor.close()
    await stately.close()
    expect([warnings.length, clock.pending]).toEqual([1, 0])
  })

  test('is tried ever more rarely, and no more after the close', async () => {
    const clock = new (class extends ManualClock {
      readonly delays: number[] = []
      override setTimer(run: () => void, delayMs: number) {
        this.delays.push(delayMs)
        return super.setTimer(run, delayMs)
      }
    })()
    const url = `ws://127.0.0.1:${await freePort()}`
    const stately = await statelyInspector({ way: 'websocket', url, clock, onWarning })
    expect([warnings.length, clock.pending]).toEqual([1, 1])
    for (const delayMs of [250, 500, 1000, 2000, 4000, 5000]) {
      await clock.advance(delayMs)
      while (clock.pending === 0) await settle()
    }
    const [, ...retries] = clock.delays
    expect(retries).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
    // It was said once.
    expect(warnings.length).toBe(1)
    await stately.close()
    expect(clock.pending).toBe(0)
  })

  test('that goes away is reached again, and told of every actor as it was then', async () => {
    const clock = new ManualClock()
    const first = await Receiver.listen()
    const { port, url } = first
    let warn: (warning: TardigradeError) => void = () => {}
    const gone = new Promise<TardigradeError>((resolve) => {
      warn = resolve
    })
    const stately = await statelyInspector({ way: 'websocket', url, clock, onWarning: warn })
    closers.push(() => stately.close())
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    const service = await supervisor.start(counter(), { key: 'k' })
    await service.send({ type: 'INC' })
    await first.until(({ event, type }) => type === '@xstate.snapshot' && event?.type === 'INC')
    await first.die()
    expect(await gone).toMatchObject({ code: 'RECEIVER_UNREACHABLE' })
    await service.send({ type: 'ADD' })
    const second = await Receiver.listen(port)
    closers.push(() => second.die())
    await clock.advance(250)
    await second.until(({ event, type }) => type === '@xstate.snapshot' && event?.type === 'ADD')
    const machine = second.frames.filter(({ sessionId }) => sessionId === 'counter/k')
    expect(machine.map(({ type, snapshot }) => [type, snapshot?.context])).toEqual([
      ['@xstate.actor', { n: 1, seen: [] }],
      ['@xstate.event', undefined],
      ['@xstate.snapshot', { n: 2, seen: [] }],
    ])
    await supervisor.close()
  })

  test('that never answers holds the start up for a second, and the close not at all', async () => {
    const clock = new ManualClock()
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    closers.push(() => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    const { port } = silent.address() as { readonly port: number }
    const connecting = once(silent, 'connection')
    const starting = statelyInspector({ way: 'websocket', url: `ws://127.0.0.1:${port}`, clock, onWarning })
    await connecting
    // It never answers: the start goes on without it.
    await clock.advance(1000)
    const stately = await starting
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    await supervisor.start(counter(), { key: 'k' })
    await supervisor.close()
    const [socket] = sockets
    const given = socket && once(socket.resume(), 'close')
    await stately.close()
    await given
    expect(clock.pending).toBe(0)
  })

  test('that takes nothing more and says no goodbye holds the close up for a second', async () => {
    const clock = new ManualClock()
    const receiver = await Receiver.listen()
    closers.push(() => receiver.die())
    const stately = await statelyInspector({ way: 'websocket', url: receiver.url, clock, onWarning })
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    await supervisor.start(counter(), { key: 'k' })
    await running(receiver)
    receiver.pause()
    await supervisor.close()
    const closing = stately.close()
    await clock.advance(1000)
    await closing
    expect(clock.pending).toBe(0)
  })

  test('that is slow is not flooded: what it cannot take waits, and it gets the last state', async () => {
    const clock = new ManualClock()
    const receiver = await Receiver.listen()
    closers.push(() => receiver.die())
    const stately = await statelyInspector({ way: 'websocket', url: receiver.url, clock, onWarning })
    closers.push(() => stately.close())
    const supervisor = await createSupervisor({ store: memoryStore(), inspect: stately.inspect })
    const service = await supervisor.start(vault, { key: 'k', input: { password: '' } })
    receiver.pause()
    const big = Array.from({ length: 9000 }, () => 'x'.repeat(100))
    while (clock.pending === 0) await service.send({ type: 'PUT', value: big })
    await service.send({ type: 'PUT', value: 'the last' })
    receiver.resume()
    while (clock.pending > 0) await clock.advance(50)
    await receiver.until(({ snapshot }) => JSON.stringify(snapshot?.context)?.includes('the last') === true)
    await supervisor.close()
  })

  test('is none where the URL is none, or where there is no window', async () => {
    await expect(statelyInspector({ way: 'websocket', url: 'nowhere' })).rejects.toMatchObject({
      code: 'RECEIVER_UNREACHABLE',
      url: 'nowhere',
    })
    await expect(statelyInspector({ way: 'browser' })).rejects.toMatchObject({ code: 'RECEIVER_UNREACHABLE' })
  })
})
