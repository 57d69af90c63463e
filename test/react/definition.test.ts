// @vitest-environment happy-dom
import { act, createElement, StrictMode } from 'react'
import { defineService } from 'tardigrade'
import { useService, useServiceSelector } from 'tardigrade/react'
import { describe, expect, test } from 'vitest'
import { counter, page, shown, supervisorOf } from './kit.js'

describe('useService and definitions', () => {
  test('another definition of what runs, as after a hot reload, is told, and runs once the former is stopped', async () => {
    const supervisor = await supervisorOf()
    const edited = defineService({ id: 'counter', version: 1, machine: counter.machine })
    const With = ({ definition }: { definition: typeof counter }) => {
      const service = useService(supervisor, definition, { key: 'k' })
      return useServiceSelector(service, () => `${service.definition === edited}`)
    }
    const { show, text } = page()
    await show(shown(createElement(With, { definition: counter })))
    expect(text()).toBe('false')
    await show(shown(createElement(With, { definition: edited })))
    expect(text()).toMatch(
      /under k has another definition of the id counter.*load the page or app anew, or stop the service/,
    )
    const service = await supervisor.get('k')
    await service.stop()
    await act(async () => document.querySelector('button')?.click())
    expect(text()).toBe('true')
  })

  test('one that had come to its end is shown to whoever has another definition, too', async () => {
    const supervisor = await supervisorOf()
    const service = await supervisor.start(counter)
    await service.send({ type: 'END' })
    await service.settled()
    const { show, text } = page()
    const With = ({ definition }: { definition: typeof counter }) =>
      useServiceSelector(useService(supervisor, definition), (_, { value }) => value as string)
    for (const _ of ['one', 'another']) {
      const definition = defineService({ id: 'counter', version: 1, machine: counter.machine })
      await show(shown(createElement(With, { definition })))
      expect(text()).toBe('done')
    }
  })

  test('a component that defines its service is told to leave that to others', async () => {
    const supervisor = await supervisorOf()
    const Defines = () =>
      useService(supervisor, defineService({ id: 'counter', version: 1, machine: counter.machine })).key
    const { show, text } = page()
    await show(createElement(StrictMode, null, shown(createElement(Defines))))
    expect(text()).toMatch(/outside of components/)
  })
})
