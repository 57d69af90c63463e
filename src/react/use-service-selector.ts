import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { AnyStateMachine, SnapshotFrom } from 'xstate'
import type { LifecycleSnapshot } from '../runtime/conductor.js'
import type { Service } from '../runtime/service.js'

interface Seen<TMachine extends AnyStateMachine, T> {
  readonly service: Service<TMachine>
  readonly machine: SnapshotFrom<TMachine>
  readonly lifecycle: LifecycleSnapshot
  readonly selector: unknown
  readonly selected: T
}

/**
 * What a selector makes of the author's machine and of the service's lifecycle; the component is rendered again when that changes.
 *
 * Beside `useSelector(service.machine, …)` of `@xstate/react`, which does as well while the service lives, it goes on after a service
 * that had failed is retried, and has the lifecycle (`running`, `paused` …) at the same moment.
 *
 * @param isEqual whether two selections are the same; `Object.is` by default
 *
 * @example
 * ```tsx
 * const n = useServiceSelector(service, ({ context }) => context.n)
 * const paused = useServiceSelector(service, (_, lifecycle) => lifecycle.value === 'paused')
 * ```
 */
export function useServiceSelector<TMachine extends AnyStateMachine, T>(
  service: Service<TMachine>,
  selector: (machine: SnapshotFrom<TMachine>, lifecycle: LifecycleSnapshot) => T,
  isEqual: (one: T, other: T) => boolean = Object.is,
): T {
  const seen = useRef<Seen<TMachine, T>>(undefined)
  const subscribe = useCallback((changed: () => void) => watch(service, changed), [service])
  const select = () => {
    const [machine, lifecycle] = [service.machine.getSnapshot(), service.getSnapshot()]
    const last = seen.current?.service === service ? seen.current : undefined
    // React asks more often than there is something new.
    if (last?.machine === machine && last.lifecycle === lifecycle && last.selector === selector) {
      return last.selected
    }
    const next = selector(machine, lifecycle)
    const selected = last !== undefined && isEqual(last.selected, next) ? last.selected : next
    seen.current = { service, machine, lifecycle, selector, selected }
    return selected
  }
  // On a server, too, it is what the service shows at that moment.
  return useSyncExternalStore(subscribe, select, select)
}

/** Hears of both. A machine that failed tells nothing more until its service lives again, which the lifecycle tells. */
function watch(service: Service, changed: () => void): () => void {
  let machine = service.machine.subscribe(changed)
  const lifecycle = service.subscribe(() => {
    machine.unsubscribe()
    machine = service.machine.subscribe(changed)
    changed()
  })
  return () => {
    machine.unsubscribe()
    lifecycle.unsubscribe()
  }
}
