/** A `document` of the platform, as far as this is about it. */
interface Page {
  addEventListener(type: string, listener: () => void, options: { readonly signal: AbortSignal }): void
}

/** Tells whether this page is frozen, until it is ended. Chromium delivers messages to it even then, and nothing that it answers comes true. */
export function frozenPage(): { isFrozen(): boolean; end(): void } {
  let frozen = false
  const listening = new AbortController()
  const { signal } = listening
  // Pages alone have one, and only their compilation knows its type.
  const { document } = globalThis as unknown as { document?: Page }
  document?.addEventListener('freeze', () => (frozen = true), { signal })
  document?.addEventListener('resume', () => (frozen = false), { signal })
  return { isFrozen: () => frozen, end: () => listening.abort() }
}
