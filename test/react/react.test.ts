// @vitest-environment happy-dom
import { useSelector } from '@xstate/react'
import {
  act,
  Component,
  createElement,
  type FunctionComponent,
  type PropsWithChildren,
  type ReactNode,
  StrictMode,
  Suspense,
} from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { renderToReadableStream } from 'react-dom/server.edge'
import { createSupervisor, defineService, type Service, type Store, type Supervisor } from 'tardigrade'
import {
  forgetFailedStarts,
  supervisorOf as madeBy,
  ServerRenderingError,
  type SupervisorSource,
  useService,
  useServiceSelector,
} from 'tardigrade/react'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { assign, createMachine, setup } from 'xstate'
import { FaultyStore } from '../kit/faulty.js'

// React asks for this word of tests that await `act`.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const begun = vi.fn()
const counter = defineService({
  id: 'counter',
  version: 1,
  machine: setup({
    types: {
      context: {} as { n: number; other: number },
      events: {} as { type: 'ADD' } | { type: 'OTHER' } | { type: 'BREAK' } | { type: 'END' },
    },
    actions: {
      begun,
      break: () => {
        throw new RangeError('broken')
      },
    },
  }).createMachine({
    context: { n: 0, other: 0 },
    entry: 'begun',
    initial: 'on',
    states: {
      on: {
        on: {
          ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) },
          OTHER: { actions: assign({ other: ({ context }) => context.other + 1 }) },
          BREAK: {
            actions: assign({
              n: () => {
                throw new RangeError('broken')
              },
            }),
          },
          END: 'off',
        },
      },
      off: { type: 'final' },
    },
  }),
})

const other = defineService({ id: 'other', version: 1, machine: createMachine({}) })

type Counter = Service<typeof counter.machine>

/** A page on which React draws; it is cleared with the test. */
function page() {
  const element = document.body.appendChild(document.createElement('div'))
  // What boundaries catch is no news to these tests.
  const root = createRoot(element, { onCaughtError: () => {} })
  onTestFinished(async () => {
    await act(async () => root.unmount())
    element.remove()
  })
  return {
    show: (node: ReactNode) => act(async () => root.render(node)),
    text: () => element.textContent,
  }
}

class Boundary extends Component<PropsWithChildren, { error?: Error }> {
  override state: { error?: Error } = {}
  static getDerivedStateFromError = (error: Error) => ({ error })
  override render() {
    const { error } = this.state
    const again = () => this.setState({ error: undefined } as never)
    return error === undefined
      ? this.props.children
      : createElement('button', { type: 'button', onClick: again }, error.message)
  }
}

const shown = (child: ReactNode) =>
  createElement(Boundary, null, createElement(Suspense, { fallback: 'waiting' }, child))

/** A component that shows a counter, and how often it was drawn. */
function counterOf(supervisor: SupervisorSource, key = 'k') {
  const services: Counter[] = []
  let drawn = 0
  const Shows: FunctionComponent = () => {
    const service = useService(supervisor, counter, { key })
    if (!services.includes(service)) services.push(service)
    const text = useServiceSelector(service, ({ context }, { value }) => `${value} ${context.n}`)
    drawn++
    return text
  }
  return { Shows, services, drawn: () => drawn }
}

async function supervisorOf(store: Store = memoryStore()): Promise<Supervisor> {
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  onTestFinished(() => supervisor.close().then(() => {}))
  return supervisor
}

describe('useService', () => {
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
