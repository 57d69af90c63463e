import { createSupervisor, type TardigradeError } from 'tardigrade'
import { InspectionFailedError, type Redact, statelyInspector } from 'tardigrade/inspect'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterEach, describe, expect, test } from 'vitest'
import { Life } from '../kit/kill.js'
import { counter } from '../runtime/machines.js'
import { Receiver } from './kit.js'
import { vault } from './machines.js'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function inspecting(options: object = {}) {
  const receiver = await Receiver.listen()
  const stately = await statelyInspector({ way: 'websocket', url: receiver.url, ...options })
  closers.push(
    () => receiver.die(),
    () => stately.close(),
  )
  return { receiver, stately, inspect: stately.inspect }
}

/** Everything that may hold a secret, with one in it; then an event to know that all before it has come. */
async function plant(redact: Redact | undefined) {
  const { receiver, inspect } = await inspecting(redact === undefined ? {} : { redact })
  const life = new Life(vault, { password: 'canary-input' }, { inspect })
  const service = await life.start()
  const ring: Record<string, unknown> = { token: 'canary-ring' }
  ring.self = ring
  await service.send({
    type: 'PUT',
    value: {
      deep: [{ password: 'canary-deep' }],
      map: new Map<unknown, unknown>([
        ['password', 'canary-map'],
        [1, new Map([['token', 'canary-map-map']])],
      ]),
      set: new Set([{ token: 'canary-set' }]),
      ring,
    },
  })
  await service.send({ type: 'FAIL', reason: 'canary-error' })
  await life.clock.advance(0)
  await service.send({ type: 'TAKE', secret: 'canary-output' })
  await life.clock.advance(0)
  await service.pause()
  await receiver.state('vault/life (lifecycle)', 'paused')
  return receiver
}

describe('redact', () => {
  test('without it everything is sent, so that these canaries would be seen', async () => {
    const { text } = await plant(undefined)
    for (const place of ['input', 'deep', 'map', 'map-map', 'set', 'ring', 'error', 'output'])
      expect(text).toContain(`canary-${place}`)
  })

  test('by names hides what stands under them at any depth', async () => {
    const { text } = await plant(['password', /^(token|secret|message)$/g, 'reason'])
    expect(text).not.toContain('canary')
    expect(text.split('[redacted]').length).toBeGreaterThan(10)
  })

  test('by a function hides whatever it judges to be secret, keys of Maps among them', async () => {
    const paths = new Set<string>()
    const { text } = await plant((value, path) => {
      paths.add(path[0] ?? '')
      return typeof value === 'string' && value.includes('canary') ? 'hidden' : value
    })
    expect(text).not.toContain('canary')
    for (const part of ['context', 'event', 'input', 'output', 'error', 'definition'])
      expect(paths).toContain(part)
  })

  test('that throws hides all that it was asked about, and harms no service', async () => {
    const receiver = await plant((_, path) => {
      if (path[0] !== 'value') throw new Error('canary-redact')
      return 'paused'
    })
    expect(receiver.text).not.toContain('canary')
  })

  test('reaches secrets in a machine’s definition', async () => {
    const { receiver, inspect } = await inspecting({ redact: ['apiKey'] })
    const { defineService } = await import('tardigrade')
    const { createMachine } = await import('xstate')
    const machine = createMachine({
      id: 'holder',
      context: { apiKey: 'canary-context' },
      entry: { type: 'call', params: { apiKey: 'canary-params' } },
    }).provide({ actions: { call: () => {} } })
    const definition = defineService({ id: 'holder', version: 1, machine })
    const supervisor = await createSupervisor({ store: memoryStore(), inspect })
    await supervisor.start(definition)
    await receiver.state('holder/holder (lifecycle)', 'running')
    await supervisor.close()
    expect(receiver.text).toContain('[redacted]')
    expect(receiver.text).not.toContain('canary')
  })
})

describe('values that JSON does not know', () => {
  test('are shown, and none is dropped', async () => {
    const { receiver, inspect } = await inspecting()
    const service = await new Life(vault, { password: 'x' }, { inspect }).start()
    const ring: { self?: unknown } = {}
    ring.self = ring
    await service.send({
      type: 'PUT',
      value: { big: 12n, map: new Map([['a', 1]]), set: new Set([new Date(0)]), ring, nan: Number.NaN },
    })
    const { snapshot, event } = await receiver.until(
      ({ type, event }) => type === '@xstate.snapshot' && event?.type === 'PUT',
    )
    const value = {
      big: '12n',
      map: { 'Map(1)': [['a', 1]] },
      set: { 'Set(1)': ['1970-01-01T00:00:00.000Z'] },
      ring: { self: '[circular]' },
      nan: '[NaN]',
    }
    expect(snapshot?.context).toEqual({ password: 'x', held: value })
    expect(event).toEqual({ type: 'PUT', value })
  })

  test('nested deeper than Stately’s serializer goes are shown whole', async () => {
    const { receiver, inspect } = await inspecting()
    const service = await new Life(vault, { password: 'x' }, { inspect }).start()
    let nested: unknown = 'the bottom'
    for (let level = 0; level < 25; level++) nested = { nested }
    await service.send({ type: 'PUT', value: nested })
    const { snapshot } = await receiver.until(
      ({ type, event }) => type === '@xstate.snapshot' && event?.type === 'PUT',
    )
    expect(JSON.stringify(snapshot)).toContain('the bottom')
  })
})

describe('an inspector', () => {
  test('never throws into a service, whatever it is asked; the first failure is told', async () => {
    const warnings: TardigradeError[] = []
    const only = () => {
      throw new Error('only')
    }
    const onWarning = (warning: TardigradeError) => void warnings.push(warning)
    const { inspect } = await inspecting({ only, onWarning })
    const supervisor = await createSupervisor({ store: memoryStore(), inspect })
    const service = await supervisor.start(counter(), { key: 'k' })
    await service.send({ type: 'INC' })
    expect(await supervisor.close()).toEqual({ safe: ['k'], unsafe: [] })
    expect(warnings).toEqual([expect.any(InspectionFailedError)])
    expect(warnings[0]).toMatchObject({ code: 'INSPECTION_FAILED', cause: { message: 'only' } })
  })

  test('that is closed hears and sends nothing more', async () => {
    let asked = 0
    const only = () => asked++ >= 0
    const { receiver, stately, inspect } = await inspecting({ only })
    const supervisor = await createSupervisor({ store: memoryStore(), inspect })
    const service = await supervisor.start(counter(), { key: 'k' })
    await receiver.state('counter/k (lifecycle)', 'running')
    await Promise.all([stately.close(), stately.close()])
    const before = [receiver.frames.length, asked]
    await service.send({ type: 'INC' })
    await supervisor.close()
    expect([receiver.frames.length, asked]).toEqual(before)
  })

  test('sends what is on its way before it closes', async () => {
    const { receiver, stately, inspect } = await inspecting()
    const supervisor = await createSupervisor({ store: memoryStore(), inspect })
    const service = await supervisor.start(counter(), { key: 'k' })
    // In the very turn of the event.
    const sent = service.send({ type: 'INC' })
    await stately.close()
    await receiver.until(({ event, type }) => type === '@xstate.snapshot' && event?.type === 'INC')
    await sent
    await supervisor.close()
  })
})
