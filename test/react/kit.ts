import {
  act,
  Component,
  createElement,
  type FunctionComponent,
  type PropsWithChildren,
  type ReactNode,
  Suspense,
} from 'react'
import { createRoot } from 'react-dom/client'
import { createSupervisor, defineService, type Service, type Store, type Supervisor } from 'tardigrade'
import { type SupervisorSource, useService, useServiceSelector } from 'tardigrade/react'
import { memoryStore } from 'tardigrade/stores/memory'
import { onTestFinished, vi } from 'vitest'
import { assign, setup } from 'xstate'

// React asks for this word of tests that await `act`.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

export const begun = vi.fn()
export const counter = defineService({
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

export type Counter = Service<typeof counter.machine>

/** A page on which React draws; it is cleared with the test. */
export function page() {
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

export const shown = (child: ReactNode) =>
  createElement(Boundary, null, createElement(Suspense, { fallback: 'waiting' }, child))

/** A component that shows a counter, and how often it was drawn. */
export function counterOf(supervisor: SupervisorSource, key = 'k') {
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

export async function supervisorOf(store: Store = memoryStore()): Promise<Supervisor> {
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  onTestFinished(() => supervisor.close().then(() => {}))
  return supervisor
}
