import {
  startTransition,
  use,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useSyncExternalStore,
} from 'react'
import type { AnyStateMachine, InputFrom } from 'xstate'
import type { Service } from '../runtime/service.js'
import type { StartArguments } from '../runtime/start-options.js'
import type { ServiceDefinition } from '../service/definition.js'
import { OtherDefinitionError } from './errors.js'
import { useOnPageOnly } from './on-page.js'
import type { SupervisorSource } from './source.js'
import { forgetEnded, isOver, startedOnce, wasStopped } from './started.js'

/**
 * Starts a service, or goes on with the one that the store holds under this key, as `supervisor.start` does. The component is
 * suspended until it is revived. All components that name the same key have the same service; it goes on when they are
 * unmounted: pausing and stopping are the application's to ask for. A component that is mounted shows a service that was stopped, or
 * removed, as that; the next that is mounted has it started again, which the second mount of StrictMode is as well.
 *
 * @param supervisor a function that makes it, which no server calls; or it, or its promise. The same at every render
 * @param options `key`: the definition's id by default; `input`: for a first start
 * @throws what `createSupervisor` or `start` rejected with, and the error with which the service failed, to the nearest error
 * boundary; when it was retried, what the boundary shows again has the service; what could not be started is tried again after
 * `forgetFailedStarts`
 * @throws {OtherDefinitionError} it runs with another definition of this id, as after a hot reload, or where a component defines it
 * @throws {ServerRenderingError} on a server, where it starts nothing: the nearest `Suspense` shows its fallback until the page goes on
 *
 * @example
 * ```tsx
 * const supervisor = () => createSupervisor({ store: indexedDbStore('app', { whenLocked: 'wait' }), host: browserHost() })
 *
 * function Lamp() {
 *   const service = useService(supervisor, lamp, { key: 'hall' })
 *   const state = useServiceSelector(service, ({ value }) => value)
 *   return <button onClick={() => service.send({ type: 'PRESS' })}>{state}</button>
 * }
 * ```
 */
export function useService<TMachine extends AnyStateMachine>(
  supervisor: SupervisorSource,
  definition: ServiceDefinition<TMachine>,
  ...[options]: StartArguments<InputFrom<TMachine>>
): Service<TMachine> {
  const key = options?.key ?? definition.id
  useOnPageOnly(key)
  const [mounts, mountAnew] = useReducer((n: number) => n + 1, 0)
  // A component that is mounted keeps the service that it has, though it stops; the input is for a first start alone.
  // biome-ignore lint/correctness/useExhaustiveDependencies: most give a new object at every render
  const starting = useMemo(
    // A definition of one machine is a definition of any.
    () => startedOnce(supervisor, definition as unknown as ServiceDefinition, key, options?.input),
    [supervisor, definition, key, mounts],
  )
  const service = use(starting)
  const subscribe = useCallback(
    (changed: () => void) => {
      const { unsubscribe } = service.subscribe(changed)
      return unsubscribe
    },
    [service],
  )
  const failure = useSyncExternalStore(subscribe, () => service.getSnapshot().context.failure)
  const shown = useRef(service)
  useEffect(() => {
    shown.current = service
    return () => forgetEnded(supervisor, service)
  }, [supervisor, service])
  useEffect(() => {
    // Mounted again without a rendering, as StrictMode does, after the cleanup of an effect has stopped it. No fallback
    // comes in between: StrictMode would mount what that had hidden once more, and so on.
    if (wasStopped(shown.current)) startTransition(mountAnew)
  }, [])
  if (failure !== undefined) throw failure
  // It would go on with what its machine was before a hot reload, and say nothing.
  if (!Object.is(service.definition, definition) && !isOver(service))
    throw new OtherDefinitionError({ service: definition.id, key })
  // It runs this very machine, as its id says.
  return service as unknown as Service<TMachine>
}
