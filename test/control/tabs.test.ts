import { createSupervisor, defineService } from 'tardigrade'
import { callTab, serveTabs } from 'tardigrade/control/tabs'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { assign, setup } from 'xstate'
import { Gate } from '../kit/gate.js'

const lamp = defineService({
  id: 'lamp',
  version: 1,
  machine: setup({
    types: { context: {} as { presses: number }, events: {} as { type: 'PRESS' } },
  }).createMachine({
    context: { presses: 0 },
    on: { PRESS: { actions: assign({ presses: ({ context }) => context.presses + 1 }) } },
  }),
})

let names = 0

const newName = () => `tabs-${process.pid}-${++names}`

/** A tab that owns a store with one lamp, and takes requests. */
async function owner(store = memoryStore(), name = newName()) {
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  const service = await supervisor.start(lamp, { key: 'hall' })
  const stop = serveTabs(supervisor, name)
  onTestFinished(async () => {
    stop()
    // One of them cannot.
    await supervisor.close().catch(() => {})
  })
  return { name, service, supervisor, stop }
}

const press = { type: 'send', key: 'hall', event: { type: 'PRESS' }, eventKey: 'e1' } as const

test('another tab sends, and hears what came of it; the same key is applied once', async () => {
  const { name, service } = await owner()
  expect(await callTab(name, press)).toMatchObject({ outcome: 'applied', phase: 'running', key: 'hall' })
  expect(await callTab(name, press)).toMatchObject({ outcome: 'seen' })
  expect(service.machine.getSnapshot().context).toEqual({ presses: 1 })
})

test('another tab pauses, resumes and looks', async () => {
  const { name, service } = await owner()
  expect(await callTab(name, { type: 'pause', key: 'hall', hold: 'lunch' })).toMatchObject({ changed: true })
  expect(service.getSnapshot().context.holds).toEqual(['lunch'])
  expect(await callTab(name, { type: 'resume', key: 'hall', hold: 'lunch' })).toMatchObject({
    phase: 'running',
  })
  expect(await callTab(name, { type: 'ping' })).toMatchObject({ services: 1 })
})

test('several tabs ask at once, and each hears its own answer', async () => {
  const { name, service } = await owner()
  const calls = Array.from({ length: 20 }, (_, call) => callTab(name, { ...press, eventKey: `e${call}` }))
  const outcomes = (await Promise.all(calls)).map(({ outcome }) => outcome)
  expect(outcomes).toEqual(Array(20).fill('applied'))
  expect(service.machine.getSnapshot().context).toEqual({ presses: 20 })
})

test('what the owner refuses is told as its own error', async () => {
  const { name } = await owner()
  await expect(callTab(name, { type: 'pause', key: 'cellar' })).rejects.toMatchObject({
    code: 'UNKNOWN_SERVICE',
  })
  await expect(callTab(name, { type: 'crash' } as never)).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  await expect(callTab(name, { type: 'nonsense' } as never)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
  })
})

test.each([
  [null, /no JSON object with a type/],
  [{ type: 'crash' }, /a tab is not asked to crash/],
  [{ type: 'send', event: {} }, /key/],
  [
    { ...press, event: { type: 'PRESS', how: () => {} } },
    /holds what no message can carry.*Send plain data/s,
  ],
])('what is no request (%j) is told without asking anybody', async (request, why) => {
  const asked = callTab('nobody', request as never, { heardMs: 1 })
  await expect(asked).rejects.toMatchObject({ code: 'INVALID_REQUEST', message: expect.stringMatching(why) })
})

test('the error of what no message can carry has the platform’s as its cause', async () => {
  const asked = callTab('nobody', { ...press, event: { type: 'PRESS', how: () => {} } })
  await expect(asked).rejects.toMatchObject({ cause: { name: 'DataCloneError' } })
})

test.each([{ timeoutMs: 'soon' }, { timeoutMS: 1 }, { heardMs: Number.NaN }, null])(
  'options that are none (%j) are told without asking anybody',
  async (options) => {
    const asked = callTab('nobody', { type: 'ping' }, options as never)
    await expect(asked).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  },
)

test.each([
  { timeoutMs: Number.POSITIVE_INFINITY },
  { timeoutMs: 30 * 24 * 3_600_000 },
  { heardMs: Number.POSITIVE_INFINITY },
  { heardMs: 120 * 24 * 3_600_000 },
])('an answer is waited for longer than a timer can hold: %j', async (options) => {
  const { name } = await owner()
  const timers = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => timers.mockRestore())
  expect(await callTab(name, press, options)).toMatchObject({ outcome: 'applied' })
  // What is longer, a platform takes for no time at all.
  expect(timers.mock.calls.filter(([, delayMs]) => delayMs !== undefined && delayMs >= 2 ** 31)).toEqual([])
})

test('an owner refuses what no tab may ask, whoever says it', async () => {
  const { name } = await owner()
  const channel = new BroadcastChannel(`tardigrade:control:${name}`)
  onTestFinished(() => channel.close())
  const answer = new Promise((resolve) => {
    channel.onmessage = (event) => {
      const { data } = event as MessageEvent
      if ('heard' in data) channel.postMessage({ ask: 'a', to: data.by, request: { type: 'crash' } })
      else resolve(data)
    }
  })
  channel.postMessage({ ask: 'a' })
  expect(await answer).toMatchObject({
    answer: 'a',
    reply: { ok: false, error: { code: 'INVALID_REQUEST' } },
  })
})

test('where nobody listens, that is told, and that nothing was done', async () => {
  const nobody = callTab('nobody', { type: 'ping' }, { heardMs: 1 })
  await expect(nobody).rejects.toMatchObject({ code: 'OWNER_UNREACHABLE' })
  const { name, stop } = await owner()
  stop()
  await expect(callTab(name, { type: 'ping' }, { heardMs: 1 })).rejects.toThrow(
    /serveTabs\(supervisor, name\)/,
  )
})

test('a tab that stood still itself for longer than it waits has its owner heard', async () => {
  const { name } = await owner()
  // There timers are looked at before what has come.
  await new Promise<void>((resolve) => setImmediate(resolve))
  const call = callTab(name, press, { heardMs: 20 })
  const stood = performance.now()
  while (performance.now() - stood < 200);
  expect(await call).toMatchObject({ outcome: 'applied' })
})

test('an owner that has heard, and takes too long, may have done it', async () => {
  const { name, supervisor } = await owner()
  supervisor.get = () => new Promise(() => {})
  await expect(callTab(name, press, { timeoutMs: 1, heardMs: 10_000 })).rejects.toMatchObject({
    code: 'CONTROL_TIMEOUT',
    waitingFor: 'reply',
    remedy: expect.stringMatching(/longer `timeoutMs`/),
  })
})

test('an owner that works for long and says that it is there is waited for', async () => {
  const { name, supervisor } = await owner()
  const get = supervisor.get.bind(supervisor)
  const asked = new BroadcastChannel(`tardigrade:control:${name}`)
  onTestFinished(() => asked.close())
  const askedTwice = new Promise<void>((resolve) => {
    let times = 0
    asked.onmessage = (event) => {
      if ('still' in Object(event.data) && ++times === 2) resolve()
    }
  })
  supervisor.get = async (...wanted: Parameters<typeof get>) => {
    await askedTwice
    return get(...wanted)
  }
  expect(await callTab(name, press, { heardMs: 300 })).toMatchObject({ outcome: 'applied' })
})

test('an owner that goes before it replies is not waited for', async () => {
  const { name, supervisor, stop } = await owner()
  supervisor.get = () => new Promise(stop)
  const gone = callTab(name, press, { heardMs: 20 })
  await expect(gone).rejects.toMatchObject({ code: 'OWNER_GONE' })
})

describe('a tab that has lost the store', () => {
  /** One that was frozen, say, while the next took the store over. */
  async function handedOver() {
    const store = memoryStore()
    const former = await owner(store)
    store.loseLock()
    return { former, next: await owner(store, former.name) }
  }
  const sendTwenty = (name: string) =>
    Promise.all(Array.from({ length: 20 }, (_, call) => callTab(name, { ...press, eventKey: `e${call}` })))

  test.each(['before', 'after'])(
    'leaves the answers to its next owner, %s it has found that out',
    async (when) => {
      const { former, next } = await handedOver()
      if (when === 'after') await former.service.send({ type: 'PRESS' }).catch(() => {})
      expect(former.service.getSnapshot().value).toBe(when === 'after' ? 'failed' : 'running')
      for (const outcome of ['applied', 'seen'])
        expect((await sendTwenty(former.name)).map((told) => told.outcome)).toEqual(Array(20).fill(outcome))
      expect(next.service.machine.getSnapshot().context).toEqual({ presses: 20 })
    },
  )

  test('while it works says nothing of that, and what is sent again is applied once', async () => {
    const store = memoryStore()
    const former = await owner(store)
    const get = former.supervisor.get.bind(former.supervisor)
    const nextThere = new Gate()
    nextThere.shut()
    const begun = new Promise<void>((begin) => {
      former.supervisor.get = async (key) => {
        begin()
        await nextThere.pass()
        return get(key)
      }
    })
    const call = callTab(former.name, press, { heardMs: 100 })
    const gone = expect(call).rejects.toMatchObject({ code: 'OWNER_GONE' })
    await begun
    store.loseLock()
    const next = await owner(store, former.name)
    nextThere.open()
    await gone
    expect(await callTab(former.name, press)).toMatchObject({ outcome: 'applied' })
    expect(next.service.machine.getSnapshot().context).toEqual({ presses: 1 })
  })

  test('as it was closed, has nobody told that it is', async () => {
    const { name, supervisor } = await owner()
    await supervisor.close()
    await expect(callTab(name, press, { heardMs: 1 })).rejects.toMatchObject({ code: 'OWNER_UNREACHABLE' })
  })
})

describe('a page that is frozen', () => {
  /** As Chromium does, which still delivers messages. */
  function pageOf() {
    const page = new EventTarget()
    vi.stubGlobal('document', page)
    onTestFinished(() => void vi.unstubAllGlobals())
    return page
  }

  test('takes no request, and carries none out when it wakes', async () => {
    const page = pageOf()
    const { name, service } = await owner()
    page.dispatchEvent(new Event('freeze'))
    const unheard = callTab(name, press, { heardMs: 1 })
    await expect(unheard).rejects.toMatchObject({ code: 'OWNER_UNREACHABLE' })
    page.dispatchEvent(new Event('resume'))
    expect(await callTab(name, { ...press, eventKey: 'e2' })).toMatchObject({ outcome: 'applied' })
    expect(service.machine.getSnapshot().context).toEqual({ presses: 1 })
  })

  test('while it works is not waited for; a remedy of tabs says what to do', async () => {
    const page = pageOf()
    const { name, supervisor } = await owner()
    supervisor.get = () => {
      page.dispatchEvent(new Event('freeze'))
      return new Promise(() => {})
    }
    const gone = callTab(name, press, { heardMs: 20 })
    await expect(gone).rejects.toMatchObject({
      code: 'OWNER_GONE',
      remedy: expect.not.stringMatching(/tardigrade show/),
    })
    await expect(gone).rejects.toThrow(
      /^The tab that owns the store .* was closed or frozen, or lost it,.* Ask again: /s,
    )
  })
})

test('an owner that cannot close tells why to whoever has asked it to', async () => {
  const store = memoryStore()
  const claim = async () => {
    const own = await store.claim()
    const close = async () => {
      await own.close()
      throw new Error('stuck')
    }
    return { ...own, close }
  }
  const { name } = await owner(Object.assign(Object.create(store), { claim }))
  await expect(callTab(name, { type: 'stop' })).rejects.toMatchObject({ code: 'CLOSE_FAILED' })
})

test('what was told to be undone is done by nobody, though the owner hears late', async () => {
  const { name, service, supervisor } = await owner()
  const owns = supervisor.ownsStore.bind(supervisor)
  const awake = new Gate()
  awake.shut()
  supervisor.ownsStore = () => awake.pass().then(owns)
  await expect(callTab(name, press, { heardMs: 1 })).rejects.toMatchObject({ code: 'OWNER_UNREACHABLE' })
  awake.open()
  // It comes after whatever the first had brought about.
  expect(await callTab(name, { ...press, eventKey: 'e2' })).toMatchObject({ outcome: 'applied' })
  expect(service.machine.getSnapshot().context).toEqual({ presses: 1 })
})
