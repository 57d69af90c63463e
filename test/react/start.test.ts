// @vitest-environment happy-dom
import { act, createElement, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToReadableStream } from 'react-dom/server.edge'
import { defineService, type Supervisor } from 'tardigrade'
import {
  forgetFailedStarts,
  supervisorOf as madeBy,
  ServerRenderingError,
  useService,
} from 'tardigrade/react'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createMachine } from 'xstate'
import { FaultyStore } from '../kit/faulty.js'
import { begun, counter, counterOf, page, shown, supervisorOf } from './kit.js'

const other = defineService({ id: 'other', version: 1, machine: createMachine({}) })

describe('useService starts', () => {
  test('waits for the supervisor and for the revival, and shows the service then', async () => {
    const store = new FaultyStore()
    const supervisor = await supervisorOf(store)
    let give: (supervisor: Supervisor) => void = () => {}
    const { Shows } = counterOf(new Promise((resolve) => (give = resolve)))
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    expect(text()).toBe('waiting')
    store.loads.shut()
    await act(async () => give(supervisor))
    expect(text()).toBe('waiting')
    await act(async () => {
      store.loads.open()
      await supervisor.start(counter, { key: 'k' })
    })
    expect(text()).toBe('running 0')
  })

  test('StrictMode and several components have one service, which goes on when they are gone', async () => {
    begun.mockClear()
    const supervisor = await supervisorOf()
    const start = vi.spyOn(supervisor, 'start')
    const { Shows, services } = counterOf(supervisor)
    const { show, text } = page()
    const both = createElement('p', null, createElement(Shows), ', ', createElement(Shows))
    await show(createElement(StrictMode, null, shown(both)))
    expect(text()).toBe('running 0, running 0')
    await act(() => services[0]?.send({ type: 'ADD' }))
    expect(text()).toBe('running 1, running 1')
    await show(null)
    await services[0]?.send({ type: 'ADD' })
    expect([services.length, begun.mock.calls.length]).toEqual([1, 1])
    expect(services[0]?.getSnapshot().value).toBe('running')
    await show(shown(createElement(Shows)))
    expect([text(), start.mock.calls.length]).toEqual(['running 2', 1])
  })

  test('what keeps it from starting goes to the error boundary', async () => {
    const supervisor = await supervisorOf()
    await supervisor.close()
    const { show, text } = page()
    await show(shown(createElement(counterOf(supervisor).Shows)))
    expect(text()).toMatch(/supervisor is closed/i)
  })

  test('what could not be started is told to whoever asks, until it is to be tried again', async () => {
    const supervisor = await supervisorOf()
    const inTheWay = await supervisor.start(other, { key: 'k' })
    const { Shows } = counterOf(supervisor)
    const { show, text } = page()
    const askAgain = () => act(async () => document.querySelector('button')?.click())
    await show(shown(createElement(Shows)))
    const told = text()
    expect(told).toMatch(/other/)
    await inTheWay.stop()
    await supervisor.remove('k')
    await askAgain()
    expect(text()).toBe(told)
    forgetFailedStarts(supervisor)
    await askAgain()
    expect(text()).toBe('running 0')
  })

  test('a function makes the supervisor once, for all who ask, and again after it could not', async () => {
    const supervisor = await supervisorOf()
    const make = vi.fn(async () => supervisor)
    make.mockRejectedValueOnce(new RangeError('no room'))
    const { Shows } = counterOf(make)
    const { show, text } = page()
    const both = createElement('p', null, createElement(Shows), ', ', createElement(Keyed))
    function Keyed() {
      return useService(make, counter, { key: 'another' }).key
    }
    await show(createElement(StrictMode, null, shown(both)))
    expect(text()).toBe('no room')
    forgetFailedStarts(make)
    await act(async () => document.querySelector('button')?.click())
    expect(await madeBy(make)).toBe(supervisor)
    expect([text(), make.mock.calls.length]).toEqual(['running 0, another', 2])
  })

  test('a function makes another when the one before was closed, and has given its store back', async () => {
    const store = memoryStore()
    const make = vi.fn(() => supervisorOf(store))
    const { Shows, services } = counterOf(make)
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    await act(() => services[0]?.send({ type: 'ADD' }))
    const first = await madeBy(make)
    // The store lets nobody else in before that.
    const [second] = await act(() => {
      const closed = first.close()
      return Promise.all([madeBy(make), closed])
    })
    expect(second).not.toBe(first)
    expect(await madeBy(make)).toBe(second)
    await show(null)
    await show(createElement(StrictMode, null, shown(createElement(Shows))))
    expect([text(), services.length]).toEqual(['running 1', 2])
    // Never with the report of the end before, which one that may be given options would take for them.
    expect(make.mock.calls).toEqual([[], []])
    await show(null)
  })

  test('what could not be started by a supervisor that was closed then is started by the next', async () => {
    const store = new FaultyStore()
    const make = vi.fn(() => supervisorOf(store))
    const { Shows } = counterOf(make)
    const { show, text } = page()
    const inTheWay = await (await madeBy(make)).start(other, { key: 'k' })
    await show(shown(createElement(Shows)))
    expect(text()).toMatch(/other/)
    await inTheWay.stop()
    await (await madeBy(make)).remove('k')
    await (await madeBy(make)).close()
    await act(async () => document.querySelector('button')?.click())
    expect([text(), make.mock.calls.length]).toEqual(['running 0', 2])
    await show(null)
  })

  test('a function that gives one that is closed already is called once for it', async () => {
    const supervisor = await supervisorOf()
    await supervisor.close()
    const start = vi.spyOn(supervisor, 'start')
    const make = vi.fn(() => supervisor)
    const { show, text } = page()
    await show(shown(createElement(counterOf(make).Shows)))
    await act(async () => document.querySelector('button')?.click())
    expect(text()).toMatch(/supervisor is closed/i)
    expect(await madeBy(make)).toBe(supervisor)
    expect([make.mock.calls.length, start.mock.calls.length]).toEqual([1, 1])
  })

  test('on a server starts nothing: the fallback is sent, the error says so, and the page goes on', async () => {
    const supervisor = await supervisorOf()
    const start = vi.spyOn(supervisor, 'start')
    const make = vi.fn(() => supervisor)
    const errors: unknown[] = []
    const stream = await renderToReadableStream(shown(createElement(counterOf(make).Shows)), {
      onError: (error) => void errors.push(error),
    })
    const element = document.body.appendChild(document.createElement('div'))
    element.innerHTML = await new Response(stream).text()
    expect(element.textContent).toContain('waiting')
    expect(errors).toEqual([expect.objectContaining({ code: 'SERVER_RENDERING', key: 'k' })])
    expect(errors[0]).toBeInstanceOf(ServerRenderingError)
    expect([make.mock.calls.length, start.mock.calls.length]).toEqual([0, 0])
    const root = await act(async () =>
      hydrateRoot(element, shown(createElement(counterOf(make).Shows)), {
        onRecoverableError: () => {},
      }),
    )
    onTestFinished(async () => {
      await act(async () => root.unmount())
      element.remove()
    })
    expect(element.textContent).toBe('running 0')
  })

  test('another key is another service', async () => {
    const supervisor = await supervisorOf()
    const Keyed = ({ name }: { name: string }) => useService(supervisor, counter, { key: name }).key
    const { show, text } = page()
    await show(shown(createElement(Keyed, { name: 'a' })))
    expect(text()).toBe('a')
    await show(shown(createElement(Keyed, { name: 'b' })))
    expect(text()).toBe('b')
  })
})
