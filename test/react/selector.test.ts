// @vitest-environment happy-dom
import { useSelector } from '@xstate/react'
import { act, createElement } from 'react'
import { renderToReadableStream } from 'react-dom/server.edge'
import { useServiceSelector } from 'tardigrade/react'
import { describe, expect, test } from 'vitest'
import { counter, counterOf, page, shown, supervisorOf } from './kit.js'

describe('useServiceSelector', () => {
  test('draws again for what the selector gives alone', async () => {
    const supervisor = await supervisorOf()
    const { Shows, services, drawn } = counterOf(supervisor)
    const { show, text } = page()
    await show(shown(createElement(Shows)))
    const before = drawn()
    await act(() => services[0]?.send({ type: 'OTHER' }))
    expect(drawn()).toBe(before)
    await act(() => services[0]?.pause())
    expect(text()).toBe('paused 0')
  })

  test('a selection that is the same by `isEqual` stays the very same', async () => {
    const supervisor = await supervisorOf()
    const service = await supervisor.start(counter)
    const seen = new Set<unknown>()
    const same = (one: readonly number[], other: readonly number[]) => one[0] === other[0]
    const Shows = () => {
      const list = useServiceSelector(service, ({ context: { n } }) => [n], same)
      seen.add(list)
      return `${list}`
    }
    const { show, text } = page()
    await show(createElement(Shows))
    await act(() => service.send({ type: 'OTHER' }))
    await show(createElement(Shows))
    expect(seen.size).toBe(1)
    await act(() => service.send({ type: 'ADD' }))
    expect([text(), seen.size]).toEqual(['1', 2])
  })

  test('shows on a server what its service shows', async () => {
    const service = await (await supervisorOf()).start(counter)
    const Shows = () => useServiceSelector(service, ({ context }, { value }) => `${value} ${context.n}`)
    const stream = await renderToReadableStream(createElement(Shows))
    expect(await new Response(stream).text()).toContain('running 0')
  })

  test('begins while the service has failed, and goes on when it was retried', async () => {
    const supervisor = await supervisorOf()
    const service = await supervisor.start(counter)
    await service.send({ type: 'BREAK' }).catch(() => {})
    const Shows = () => useServiceSelector(service, ({ context }, { value }) => `${value} ${context.n}`)
    const { show, text } = page()
    await show(createElement(Shows))
    expect(text()).toBe('failed 0')
    await act(() => service.retry())
    await act(() => service.send({ type: 'ADD' }))
    expect(text()).toBe('running 1')
  })
})

test('useSelector of @xstate/react does for a service and its machine, while they live', async () => {
  const supervisor = await supervisorOf()
  const service = await supervisor.start(counter)
  const Shows = () => {
    const state = useSelector(service, ({ value }) => value)
    const n = useSelector(service.machine, ({ context }) => context.n)
    return `${state} ${n}`
  }
  const { show, text } = page()
  await show(createElement(Shows))
  await act(() => service.send({ type: 'ADD' }))
  expect(text()).toBe('running 1')
  await act(() => service.pause())
  expect(text()).toBe('paused 1')
})
