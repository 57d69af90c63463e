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
  /** What the services are searched for, and the state of the lifecycle that alone is listed. */
  readonly search: string | undefined
  readonly only: string | undefined
  /** `list`: the chart is told as one. */
  readonly view: string | undefined
  /** `right`: it is drawn from left to right. */
  readonly flow: string | undefined
  /** `sequence`: the history is told as messages. */
  readonly history: string | undefined
  /** Kinds of moments that are hidden, with commas between them, and the text for which the timeline is filtered. */
  readonly hide: string | undefined
  readonly filter: string | undefined
  /** The part that a narrow window shows, where that is not the usual one. */
  readonly pane: string | undefined
}

const NAMES = [
  ...['token', 'trace', 'service', 'at', 'from', 'chart', 'actor', 'order'],
  ...['search', 'only', 'view', 'flow', 'history', 'hide', 'filter', 'pane'],
] as const

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
  const part = (name: keyof Link) => found.get(name) ?? undefined
  return {
    token: part('token'),
    trace: part('trace'),
    service: part('service'),
    at: part('at'),
    from: part('from'),
    chart: part('chart'),
    actor: part('actor'),
    order: part('order'),
    search: part('search'),
    only: part('only'),
    view: part('view'),
    flow: part('flow'),
    history: part('history'),
    hide: part('hide'),
    filter: part('filter'),
    pane: part('pane'),
  }
}

function written(next: Link): string {
  const parts = NAMES.flatMap((name) => {
    const value = next[name]
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]
  })
  return `#${parts.join('&')}`
}
