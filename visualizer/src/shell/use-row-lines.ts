import { type ReadonlySignal, useComputed } from '@preact/signals'
import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import type { Service } from '../store/service.js'
import { stateLines } from './row-height.js'
import { store } from './session.js'
import { useSize } from './use-size.js'

/** How many lines below its key each row of the list of these services has room for, which stands in the element of `list`. */
export function useRowLines(services: ReadonlySignal<readonly Service[]>): {
  readonly list: RefObject<HTMLElement | null>
  readonly lines: ReadonlySignal<number>
  readonly width: ReadonlySignal<number>
} {
  const list = useRef<HTMLElement>(null)
  const width = useSize(list, 'clientWidth', 0)
  const most = useRef({ width: 0, lines: 0 })
  const lines = useComputed(() => {
    // Summaries are no signals of their own.
    store.value.changed.value
    // It only grows while the list stays as wide: nobody could click on rows that jump whenever a region comes and goes.
    if (most.current.width !== width.value) most.current = { width: width.value, lines: 0 }
    if (width.value === 0) return 0
    for (const service of services.value) {
      const needed = stateLines(store.value.list.listed(service), width.value)
      if (needed > most.current.lines) most.current.lines = needed
    }
    return most.current.lines
  })
  return { list, lines, width }
}
