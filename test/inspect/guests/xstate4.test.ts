import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { guest, guestUrl, showing } from './kit.js'

const FOLDER = join(import.meta.dirname, '../../xstate-inspect')
const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A process with the real XState 4 and its inspector. */
async function application(port = 0) {
  const child = spawn(process.execPath, [join(FOLDER, 'process.mjs'), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines: { readonly port?: number; readonly context?: { readonly sold: number } }[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line))
    for (const look of waiting) look()
  })
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  await until(() => lines.some((line) => line.port !== undefined))
  return {
    port: lines.find((line) => line.port !== undefined)?.port ?? 0,
    send: (event: object) => void child.stdin.write(JSON.stringify(event)),
    sold: () => lines.at(-1)?.context?.sold,
    until,
    kill: () => void child.kill('SIGKILL'),
  }
}

test('a process with XState 4 is shown: chart, states, context and events; it takes events from here, and may die and come again', async () => {
  const app = await application()
  const connect = [`ws://127.0.0.1:${app.port}`]
  const { client, end } = await showing({ connect, control: true, redact: ['password'] })
  const state = () => client.states.get('xstate:shop')
  const snapshot = () => state()?.actors[0]?.snapshot as Record<string, unknown> | undefined
  await client.until(() => snapshot() !== undefined)
  expect(snapshot()).toEqual({
    status: 'active',
    value: { open: 'counter' },
    context: { sold: 0, password: '[redacted]' },
  })
  const chart = client.all('chart').find(({ hash }) => hash === state()?.chart)?.chart
  expect(chart?.root.transitions).toMatchObject([
    { event: 'SELL', trigger: { type: 'event' }, actions: ['sell'] },
  ])
  const [open] = chart?.root.states ?? []
  expect(open).toMatchObject({ key: 'open', initial: 'shop.open.counter', tags: ['busy'], entry: ['greet'] })
  expect(open?.transitions).toMatchObject([
    { event: 'CLOSE', guard: 'isLate', actions: ['lock'], targets: ['shop.closed'] },
    { event: 'AGAIN', reenter: true, targets: ['shop.open'] },
    { trigger: { type: 'done-actor', actor: 'clerk' }, targets: ['shop.closed'] },
  ])
  expect(open?.states?.[0]?.transitions).toMatchObject([
    { trigger: { type: 'after', delay: '3600000', delayMs: 3600000 }, targets: ['shop.open.store'] },
    { trigger: { type: 'always' }, guard: 'isQuiet', targets: ['shop.open.store'] },
  ])

  app.send({ type: 'SELL', count: 2 })
  await client.until(() => JSON.stringify(snapshot()?.context)?.includes('"sold":2') === true)
  const events = client.of('xstate:shop').filter(({ kind }) => kind === 'event')
  expect(events).toMatchObject([{ to: [], event: { type: 'SELL', count: 2 } }])

  const request = { type: 'send', key: 'xstate:shop', event: { type: 'SELL', count: 5 } }
  client.send({ type: 'control', id: 1, request })
  await client.until(() => client.all('controlled').length === 1)
  const applied = { sent: true, outcome: 'applied' }
  expect(client.all('controlled')).toEqual([{ type: 'controlled', id: 1, ok: true, result: applied }])
  await app.until(() => app.sold() === 7)
  // The package says that the actor has sent it to itself; it came from outside.
  await client.until(() => client.of('xstate:shop').filter(({ kind }) => kind === 'event').length === 2)
  const [, ours] = client.of('xstate:shop').filter(({ kind }) => kind === 'event')
  expect(ours).toMatchObject({ to: [], event: { type: 'SELL', count: 5 } })
  expect(ours).not.toHaveProperty('from')
  client.send({ type: 'control', id: 2, request: { type: 'pause', key: 'xstate:shop' } })
  await client.until(() => client.all('controlled').length === 2)
  expect(client.all('controlled')[1]).toMatchObject({ ok: false, problem: { code: 'GUEST_EVENT' } })

  // Nothing there takes it.
  const bogus = { type: 'send', key: 'xstate:shop', event: { type: 'BOGUS' } }
  client.send({ type: 'control', id: 5, request: bogus })
  await client.until(() => client.all('controlled').length === 3)
  expect(client.all('controlled')[2]).toMatchObject({ id: 5, result: { sent: true, outcome: 'unchanged' } })

  app.kill()
  await client.until(() => state()?.lifecycle === 'stopped')
  client.send({ type: 'control', id: 3, request })
  await client.until(() => client.all('controlled').length === 4)
  expect(client.all('controlled')[3]).toMatchObject({ ok: false, problem: { code: 'GUEST_GONE' } })
  const again = await application(app.port)
  await client.until(() => state()?.lifecycle === 'running')
  client.send({ type: 'control', id: 4, request })
  await again.until(() => again.sold() === 5)
  expect(
    client.of('xstate:shop').flatMap((entry) => (entry.kind === 'lifecycle' ? [entry.state] : [])),
  ).toEqual(['running', 'stopped', 'running'])
  await end()
})

test('what is malformed or unknown is shown as that', async () => {
  const { client, address, end } = await showing({ control: true })
  const socket = await guest(guestUrl(address, 'xstate'))
  const frames = [
    { type: 'service.nothing', sessionId: 'x:1' },
    { type: 'service.register', sessionId: 'x:1', machine: 'no JSON', state: 'none', id: 'one' },
    { type: 'service.state', sessionId: 'x:1', state: '[' },
    { type: 'service.state', sessionId: 'x:1' },
    { type: 'service.event', sessionId: 'x:1', event: '{"data":7}' },
    {
      type: 'service.register',
      sessionId: 'x:2',
      machine: '{"id":"two","states":{"a":{}}}',
      state: '{}',
      parent: 'x:1',
    },
    { type: 'service.stop', sessionId: 'x:9' },
    { type: 'xstate.disconnect' },
  ]
  for (const frame of frames) socket?.send(JSON.stringify(frame))
  await client.until(() => client.states.get('xstate:one')?.lifecycle === 'stopped')
  const told = [...client.entries.values()].flat()
  expect(
    told.flatMap((entry) => (entry.kind === 'problem' ? [entry.problem.replace(/: .*/, '')] : [])),
  ).toEqual([
    'Its type is unknown here',
    'Its machine is none, so that it has no chart',
    'Its state is none',
    'Its event has no type',
  ])
  // What stands for the application itself is no actor that an event could come to.
  const stranger = await guest(guestUrl(address, 'xstate'))
  stranger?.send('[')
  await client.until(() => client.states.has('xstate:@xstate/inspect'))
  client.send({
    type: 'control',
    id: 1,
    request: { type: 'send', key: 'xstate:@xstate/inspect', event: { type: 'GO' } },
  })
  await client.until(() => client.all('controlled').length === 1)
  expect(client.all('controlled')).toMatchObject([{ ok: false, problem: { code: 'GUEST_GONE' } }])
  stranger?.close()
  expect(told.find((entry) => entry.kind === 'actor' && entry.actor.length > 0)).toMatchObject({
    key: 'xstate:one',
    actor: ['two'],
  })
  socket?.close()
  await end()
})
