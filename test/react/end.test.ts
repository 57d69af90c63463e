// @vitest-environment happy-dom
import { Activity, act, createElement, StrictMode, useEffect } from 'react'
import { useService } from 'tardigrade/react'
import { describe, expect, test, vi } from 'vitest'
import { FaultyStore } from '../kit/faulty.js'
import { counter, counterOf, page, shown, supervisorOf } from './kit.js'

describe('useService and the end of a service', () => {
  test('a failure goes to the error boundary; after a retry it is shown again, and goes on', async () => {
    const supervisor = await supervisorOf()
    const { Shows, services } = counterOf(supervisor)
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    await act(() => services[0]?.send({ type: 'BREAK' }).catch(() => {}))
    expect(text()).toMatch(/broken/)
    await act(() => services[0]?.retry())
    await act(async () => document.querySelector('button')?.click())
    expect(text()).toBe('running 0')
    await act(() => services[0]?.send({ type: 'ADD' }))
    expect(text()).toBe('running 1')
  })

  test('one that was stopped is shown as that, and begun again by who comes later', async () => {
    const supervisor = await supervisorOf()
    const { Shows, services } = counterOf(supervisor)
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    await act(() => services[0]?.stop())
    expect(text()).toBe('stopped 0')
    await show(null)
    await show(shown(createElement(Shows)))
    expect([text(), services.length]).toEqual(['running 0', 2])
  })

  test.each(['stopped', 'removed'])(
    'one that was %s while nobody showed it is begun again by who comes',
    async (how) => {
      const supervisor = await supervisorOf()
      const { Shows, services } = counterOf(supervisor)
      const { show, text } = page()
      await show(shown(createElement(Shows)))
      await act(() => services[0]?.send({ type: 'ADD' }))
      await show(null)
      await (how === 'stopped' ? services[0]?.stop() : supervisor.remove('k'))
      await show(createElement(StrictMode, null, shown(createElement(Shows))))
      expect([text(), services.length]).toEqual([how === 'stopped' ? 'running 1' : 'running 0', 2])
    },
  )

  test('one that was stopped after its component had gone, which still waited, is begun again by who comes', async () => {
    const store = new FaultyStore()
    const supervisor = await supervisorOf(store)
    const { Shows } = counterOf(supervisor)
    const { show, text } = page()
    store.loads.shut()
    await show(shown(createElement(Shows)))
    await show(null)
    store.loads.open()
    const service = await supervisor.start(counter, { key: 'k' })
    await service.stop()
    await show(shown(createElement(Shows)))
    expect(text()).toBe('running 0')
  })

  test('one that had come to its end before is started once, though it comes late', async () => {
    const store = new FaultyStore()
    const supervisor = await supervisorOf(store)
    const service = await supervisor.start(counter, { key: 'k' })
    await service.send({ type: 'END' })
    await service.settled()
    const start = vi.spyOn(supervisor, 'start')
    const { Shows } = counterOf(supervisor)
    const { show, text } = page()
    store.loads.shut()
    await show(shown(createElement(Shows)))
    expect(text()).toBe('waiting')
    await act(async () => {
      store.loads.open()
      await start.mock.results[0]?.value
    })
    expect([text(), start.mock.calls.length]).toEqual(['done 0', 1])
  })

  test('who comes while another shows one that was stopped begins it, and it is known when the other goes', async () => {
    const supervisor = await supervisorOf()
    const start = vi.spyOn(supervisor, 'start')
    const { Shows, services } = counterOf(supervisor)
    const [former, later] = [page(), page()]
    await former.show(shown(createElement(Shows)))
    await act(() => services[0]?.stop())
    await later.show(shown(createElement(Shows)))
    expect([former.text(), later.text()]).toEqual(['stopped 0', 'running 0'])
    await former.show(null)
    await former.show(shown(createElement(Shows)))
    expect([former.text(), start.mock.calls.length]).toEqual(['running 0', 2])
  })

  test('one that comes to its end is shown to its end', async () => {
    const supervisor = await supervisorOf()
    const { Shows, services } = counterOf(supervisor)
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    await act(async () => {
      await services[0]?.send({ type: 'END' })
      await services[0]?.settled()
    })
    expect(text()).toBe('done 0')
    await show(null)
    await show(createElement(StrictMode, null, shown(createElement(Shows))))
    expect(text()).toBe('done 0')
  })

  test.each(['stops', 'removes'])(
    'an effect whose cleanup %s it, as an editor does that closes, leaves none that is stopped, in StrictMode neither',
    async (how) => {
      const supervisor = await supervisorOf()
      const { Shows, services } = counterOf(supervisor)
      const start = vi.spyOn(supervisor, 'start')
      const Editor = () => {
        const service = useService(supervisor, counter, { key: 'k' })
        const stops = how === 'stops' ? service : undefined
        useEffect(() => () => void (stops?.stop() ?? supervisor.remove('k')), [stops])
        return createElement(Shows)
      }
      const { show, text } = page()
      const open = (key?: string) =>
        show(createElement(StrictMode, null, shown(createElement(Editor, { key }))))
      await open('first')
      expect([text(), start.mock.calls.length]).toEqual(['running 0', 2])
      // In its place at once: it is rendered before the other has closed.
      await open('second')
      expect(text()).toBe('running 0')
      await show(null)
      expect(services.map((service) => service.getSnapshot().value)).not.toContain('running')
      await open()
      expect(text()).toBe('running 0')
    },
  )

  test('one that was stopped as <Activity> hid it is begun again when that shows it again', async () => {
    const supervisor = await supervisorOf()
    const { Shows, services } = counterOf(supervisor)
    const Editor = () => {
      const service = useService(supervisor, counter, { key: 'k' })
      useEffect(() => () => void service.stop(), [service])
      return createElement(Shows)
    }
    const { show, text } = page()
    const activity = (mode: 'visible' | 'hidden') =>
      show(shown(createElement(Activity, { mode, children: createElement(Editor) })))
    await activity('visible')
    await activity('hidden')
    await services[0]?.stop()
    expect(services[0]?.getSnapshot().value).toBe('stopped')
    await activity('visible')
    expect([text(), services.length]).toEqual(['running 0', 2])
  })

  test('who comes while it is being stopped has it started again, when that is done', async () => {
    const store = new FaultyStore()
    const supervisor = await supervisorOf(store)
    const { Shows, services } = counterOf(supervisor)
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    await show(null)
    store.shut()
    const stopped = services[0]?.stop()
    await show(shown(createElement(Shows)))
    expect(text()).toBe('waiting')
    await act(async () => {
      store.open()
      await stopped
    })
    expect([text(), services.length]).toEqual(['running 0', 2])
  })

  test('one that was stopped before it had begun is started again for who waits for it', async () => {
    const store = new FaultyStore()
    const supervisor = await supervisorOf(store)
    const { Shows, services } = counterOf(supervisor)
    const { show, text } = page()
    store.loads.shut()
    await show(shown(createElement(Shows)))
    await act(async () => {
      const stopped = supervisor.services()[0]?.stop()
      store.loads.open()
      await stopped
    })
    expect([text(), services.length]).toEqual(['running 0', 1])
  })
})
