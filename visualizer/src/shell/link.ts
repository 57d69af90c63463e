import { effect, signal } from '@preact/signals'

/** What the fragment of the page's address holds: it is never sent with a request. */
export interface Link {
  readonly token: string | undefined
  /** Address of a recorded trace, of the page's own server. */
  readonly trace: string | undefined
  /** Key of the service that is shown. */
  readonly service: string | undefined
  /** The moment that is shown, as `incarnation:sequence`; undefined for now. */
  readonly at: string | undefined
  /** The moment with which that is compared. */
  readonly from: string | undefined
  /** Which chart is shown. */
  readonly chart: string | undefined
  /** The actor whose chart is shown, as a path; undefined for the machine itself. */
  readonly actor: string | undefined
  /** In which order the services are listed; undefined for that of their keys. */
  readonly order: string | undefined
}

const NAMES = ['token', 'trace', 'service', 'at', 'from', 'chart', 'actor', 'order'] as const

export const link = signal<Link>(read(location.hash))

/** Changes what the address says, so that it can be copied, and gone back to where `isStep`. */
export function go(change: Partial<Link>, isStep = false): void {
  const next = { ...link.value, ...change }
  const hash = written(next)
  if (hash === location.hash) return
  if (isStep) history.pushState(null, '', hash)
  else history.replaceState(null, '', hash)
  link.value = next
}

/** Follows whoever goes back, forth, or writes into the address. */
export function followAddress(): void {
  const follow = () => {
    const next = read(location.hash)
    if (leadsElsewhere(next)) location.reload()
    else link.value = next
  }
  addEventListener('popstate', follow)
  addEventListener('hashchange', follow)
  effect(() => {
    const { service } = link.value
    document.title = service === undefined ? 'Tardigrade' : `${service} – Tardigrade`
  })
}

/** Whether an application shows itself in this very page. */
export const isReceiving = (): boolean => location.pathname.endsWith('/receive')

/**
 * To another server or trace; or here again, for an application that was loaded anew and opens the page that it has opened before: of what
 * it tells from then on, such a page hears nothing.
 */
function leadsElsewhere({ token, trace, ...place }: Link): boolean {
  if (token !== link.value.token || trace !== link.value.trace) return true
  return isReceiving() && Object.values(place).every((part) => part === undefined)
}

function read(hash: string): Link {
  const found = new URLSearchParams(hash.replace(/^#/, ''))
  const [token, trace, service, at, from, chart, actor, order] = NAMES.map(
    (name) => found.get(name) ?? undefined,
  )
  return { token, trace, service, at, from, chart, actor, order }
}

function written(next: Link): string {
  const parts = NAMES.flatMap((name) => {
    const value = next[name]
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]
  })
  return `#${parts.join('&')}`
}
