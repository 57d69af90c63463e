import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Guarded } from './guarded.js'
import { type Later, withPart } from './later.js'

/** Shows a part of the page that comes after its first paint, as soon as it is here. */
export function Late<T>({
  of,
  children,
}: {
  readonly of: Later<T>
  readonly children: (part: T) => ComponentChildren
}): JSX.Element {
  const isMissing = useSignal(false)
  useEffect(() => {
    void withPart(of, () => {}).then(() => (isMissing.value = of.loaded.peek() === undefined))
  }, [])
  const part = of.loaded.value
  if (part !== undefined) return <Guarded>{children(part)}</Guarded>
  return <p class="empty">{isMissing.value ? 'It is not here.' : 'Loading …'}</p>
}
