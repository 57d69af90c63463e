/** Listens to events of a target, by their names; gives what ends that. */
export function listen<TEvent extends Event>(
  target: EventTarget,
  handlers: Readonly<Record<string, (event: TEvent) => void>>,
): () => void {
  // The caller knows what events the target has under these names.
  const entries = Object.entries(handlers) as unknown as readonly (readonly [string, EventListener])[]
  for (const [type, handler] of entries) target.addEventListener(type, handler)
  return () => {
    for (const [type, handler] of entries) target.removeEventListener(type, handler)
  }
}
