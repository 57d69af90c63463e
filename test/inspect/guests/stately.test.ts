import { createWebSocketInspector } from '@statelyai/inspect'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { assign, createActor, createMachine, sendTo, setup } from 'xstate'
import { Client } from '../server/kit.js'
import { guest, guestUrl, showing } from './kit.js'

let shown: Awaited<ReturnType<typeof showing>>
beforeEach(async () => {
  shown = await showing({ redact: ['password'] })
})
afterEach(() => shown.end())

const kid = createMachine({
  id: 'kid',
  initial: 'idle',
  states: { idle: { on: { PING: 'busy' } }, busy: { on: { PING: 'over' } }, over: { type: 'final' } },
})

const shop = setup({
  types: { context: {} as { sold: number; password: string; stock: readonly { name: string }[] } },
  actors: { kid },
}).createMachine({
  id: 'shop',
  context: { sold: 0, password: 'geheim', stock: [{ name: 'tea' }, { name: 'milk' }] },
  invoke: { id: 'clerk', src: 'kid' },
  initial: 'open',
  states: {
    open: {
      on: {
        SELL: { actions: assign({ sold: ({ context }) => context.sold + 1 }) },
        PING: { actions: sendTo('clerk', { type: 'PING' }) },
        CLOSE: 'closed',
      },
    },
    closed: { type: 'final' },
  },
})

const lifecycles = (key: string) =>
  shown.client.of(key).flatMap((entry) => (entry.kind === 'lifecycle' ? [entry.state] : []))

test('an application that uses @statelyai/inspect is shown: chart, states, context, events and actors, and its restart is one history', async () => {
  const { client, address } = shown
  const { adapter, inspect } = createWebSocketInspector({ url: guestUrl(address, 'stately') })
  const actor = createActor(shop, { inspect }).start()
  actor.send({ type: 'SELL' })
  actor.send({ type: 'PING' })
  await client.until(() => {
    const clerk = client.states.get('xstate:shop')?.actors.find(({ actor }) => actor[0] === 'clerk')
    return (clerk?.snapshot as { value?: unknown } | undefined)?.value === 'busy'
  })
  const state = client.states.get('xstate:shop')
  const [machine, clerk] = state?.actors ?? []
  expect(machine).toMatchObject({
    actor: [],
    snapshot: {
      status: 'active',
      value: 'open',
      context: { sold: 1, password: '[redacted]', stock: [{ name: 'tea' }, { name: 'milk' }] },
    },
  })
  expect(clerk).toMatchObject({ actor: ['clerk'], logic: 'clerk', snapshot: { value: 'busy' } })
  // The package sorts their keys.
  const charts = client.all('chart').map(({ chart }) => chart)
  const chartOf = (hash: string | undefined) => charts.find((chart) => chart.hash === hash)
  expect(chartOf(state?.chart)?.root.states?.map(({ key }) => key)).toEqual(['closed', 'open'])
  expect(chartOf(clerk?.chart)?.root.states?.map(({ key }) => key)).toEqual(['busy', 'idle', 'over'])
  const entries = client.of('xstate:shop')
  // What the package begins with is a step of each actor that changes nothing.
  expect(entries.filter(({ kind }) => kind === 'event')).toContainEqual(
    expect.objectContaining({ to: ['clerk'], from: [], event: { type: 'PING' } }),
  )
  expect(entries.find((entry) => entry.kind === 'step' && entry.event === 'SELL')).toMatchObject({
    changes: [{ path: ['context', 'sold'], value: 1 }],
  })

  actor.send({ type: 'CLOSE' })
  await client.until(() => lifecycles('xstate:shop').at(-1) === 'done')
  adapter.stop?.()
  await client.until(() => client.all('incarnation').some(({ guest, live }) => guest !== undefined && !live))
  const again = createWebSocketInspector({ url: guestUrl(address, 'stately') })
  createActor(shop, { inspect: again.inspect }).start()
  await client.until(() => lifecycles('xstate:shop').at(-1) === 'running')
  again.adapter.stop?.()
  await client.until(() => lifecycles('xstate:shop').at(-1) === 'stopped')
  expect(lifecycles('xstate:shop')).toEqual(['running', 'done', 'running', 'stopped'])
})

const actor = (sessionId: string, more: object = {}) =>
  JSON.stringify({
    type: '@xstate.actor',
    sessionId,
    name: sessionId,
    snapshot: { status: 'active' },
    ...more,
  })

test('where something is to be hidden, nothing is told of what was sent and cannot be taken', async () => {
  const { client, address } = shown
  const bad = await guest(guestUrl(address, 'stately'))
  const secret = '"password":"geheim"'
  for (const frame of [
    `{${secret}`,
    `[{${secret}}]`,
    `{"type":"@xstate.event",${secret}}`,
    actor('odd', { definition: `{${secret}` }),
  ])
    bad?.send(frame)
  const problems = () =>
    [...client.entries.values()].flat().flatMap((entry) => (entry.kind === 'problem' ? [entry.problem] : []))
  await client.until(() => problems().length >= 4)
  expect(problems()).toEqual([
    'It is no JSON: what was sent is hidden',
    'It is no object with a type: what was sent is hidden',
    'It has no sessionId: what was sent is hidden',
    'Its definition is none, so that it has no chart: what was sent is hidden',
  ])
})

test('what is malformed, out of order, unknown or too large is shown as that, and hurts nobody', async () => {
  const { client, address, end } = await showing()
  onTestFinished(end)
  const [bad, good] = [await guest(guestUrl(address, 'stately')), await guest(guestUrl(address, 'stately'))]
  const frames = [
    'no JSON',
    '[]',
    '{"type":"@xstate.actor"}',
    '{"type":"@xstate.nothing","sessionId":"a"}',
    '{"type":"@xstate.actor","sessionId":"a"}',
    JSON.stringify({ type: '@xstate.event', sessionId: 'early', event: { type: 'GO' } }),
    actor('early', {
      definition: '{"id":"early","initial":"a","states":{"a":{}}}',
      snapshot: { value: 'a' },
    }),
    actor('orphan', { parentId: 'nobody' }),
    actor('odd', { definition: 'neither JSON' }),
    actor('deep', { definition: JSON.stringify({ id: 'deep', states: 7, on: [[[]]], invoke: [null, 3] }) }),
    `{"type":"@xstate.snapshot","sessionId":"early","event":{},"snapshot":{"value":"a","context":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  ]
  for (const frame of frames) bad?.send(frame)
  bad?.send(Buffer.from([1, 2]))
  await client.until(() => client.of('xstate:@statelyai/inspect').length >= 8)
  const problems = [...client.entries.values()]
    .flat()
    .flatMap((entry) => (entry.kind === 'problem' ? [`${entry.key} ${entry.problem}`] : []))
  expect(problems).toEqual([
    expect.stringMatching(/^xstate:@statelyai\/inspect It is no JSON \(.*\): no JSON$/),
    'xstate:@statelyai/inspect It is no object with a type: []',
    'xstate:@statelyai/inspect It has no sessionId: {"type":"@xstate.actor"}',
    'xstate:@statelyai/inspect Its type is unknown here: {"type":"@xstate.nothing","sessionId":"a"}',
    'xstate:@statelyai/inspect It has no snapshot: {"type":"@xstate.actor","sessionId":"a"}',
    'xstate:early The actor early was never introduced',
    'xstate:orphan Its parent nobody was never introduced',
    'xstate:odd Its definition is none, so that it has no chart: neither JSON',
    'xstate:@statelyai/inspect It sent bytes, and no text',
  ])
  expect(client.states.get('xstate:early')?.actors[0]?.snapshot).toMatchObject({ value: 'a' })
  // Too large: its own connection ends, and that is told.
  bad?.send(actor('huge', { snapshot: { value: 'x'.repeat(5 * 1024 * 1024) } }))
  await client.until(() =>
    client.of('xstate:early').some((entry) => entry.kind === 'lifecycle' && entry.state === 'stopped'),
  )
  expect(client.of('xstate:@statelyai/inspect')).toContainEqual(
    expect.objectContaining({
      kind: 'problem',
      problem: expect.stringContaining('Max payload size exceeded'),
    }),
  )
  good?.send(actor('fine'))
  await client.until(() => client.states.has('xstate:fine'))
  good?.close()
})

test('more actors than are shown are told of once, and a flood takes the room of nobody', async () => {
  const { client, address } = shown
  // What is missing of the second must cost nothing of the first.
  const [calm, flood] = [await guest(guestUrl(address, 'stately')), await guest(guestUrl(address, 'stately'))]
  calm?.send(actor('calm'))
  await client.until(() => client.states.has('xstate:calm'))
  flood?.send(actor('root'))
  for (let at = 0; at < 1100; at++) flood?.send(actor(`a${at}`, { parentId: 'root' }))
  await client.until(() => client.of('xstate:@statelyai/inspect').some(({ kind }) => kind === 'problem'))
  expect(client.states.get('xstate:root')?.actors.length).toBe(1000)
  for (let at = 0; at < 60; at++) {
    const snapshot = { status: 'active', value: String(at), context: `${at}`.repeat(30_000) }
    flood?.send(
      JSON.stringify({ type: '@xstate.snapshot', sessionId: 'root', event: { type: 'GO' }, snapshot }),
    )
  }
  const root = () => client.states.get('xstate:root')?.actors[0]?.snapshot
  await client.until(() => (root() as { value?: string } | undefined)?.value === '59')
  const late = await new Client(address).connect()
  await late.until(() => late.states.has('xstate:root') && late.states.has('xstate:calm'))
  expect(late.all('gap').length).toBe(1)
  expect(late.of('xstate:calm').map(({ kind }) => kind)).toEqual(['service', 'lifecycle', 'actor'])
  await late.disconnect()
  flood?.close()
  calm?.close()
})

test('two with one name at once are two services', async () => {
  const { client, address } = shown
  const both = [await guest(guestUrl(address, 'stately')), await guest(guestUrl(address, 'stately'))]
  for (const one of both) one?.send(actor('lamp'))
  await client.until(() => client.states.has('xstate:lamp') && client.states.has('xstate:lamp (2)'))
  for (const one of both) one?.close()
})

test('Host, Origin and token are asked for of guests as well; an origin that is allowed may come', async () => {
  const other = await showing({ allowOrigins: ['http://app.example'] })
  const own = new URL(other.address).origin
  const url = guestUrl(other.address, 'stately')
  const admitted = async (target: string, origin?: string) => {
    const socket = await guest(target, origin === undefined ? {} : { origin })
    socket?.close()
    return socket !== undefined
  }
  expect({
    plain: await admitted(url),
    own: await admitted(url, own),
    allowed: await admitted(url, 'http://app.example'),
    passedOn: await admitted(`${url}&origin=http%3A%2F%2Fapp.example`, own),
  }).toEqual({ plain: true, own: true, allowed: true, passedOn: true })
  expect({
    token: await admitted(guestUrl(other.address, 'stately', 'another')),
    noToken: await admitted(url.replace(/\?.*/, '')),
    twice: await admitted(url.replace('?', '?token=x&')),
    origin: await admitted(url, 'http://evil.example'),
    null: await admitted(url, 'null'),
    passedOn: await admitted(`${url}&origin=http%3A%2F%2Fevil.example`, own),
    host: await admitted(url.replace('127.0.0.1', '127.0.0.2')),
    stream: (await guest(url.replace('stately', 'stream'), { origin: 'http://app.example' })) !== undefined,
    ofOther: await admitted(guestUrl(shown.address, 'stately'), 'http://app.example'),
  }).toEqual({
    token: false,
    noToken: false,
    twice: false,
    origin: false,
    null: false,
    passedOn: false,
    host: false,
    stream: false,
    ofOther: false,
  })
  await other.end()
})
