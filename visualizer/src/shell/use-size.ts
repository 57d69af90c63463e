import { type ReadonlySignal, useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** That size of an element, in pixels, as it changes; until it was looked at, what it is taken to be. */
export function useSize(
  of: RefObject<HTMLElement | null>,
  size: 'clientWidth' | 'clientHeight',
  taken: number,
): ReadonlySignal<number> {
  const seen = useSignal(taken)
  useEffect(() => {
    const element = of.current
    if (element === null) return
    const watch = new ResizeObserver(() => {
      seen.value = element[size]
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  return seen
}
