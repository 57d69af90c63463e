import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { counted, delayText, dueText, lifecycleText } from '../chart/words.js'
import { timerName } from '../panes/timer-text.js'
import type { Service, Summary } from '../store/service.js'
import { tickMs } from './clock.js'
import { Late } from './late.js'
import { later } from './later.js'
import { goToService } from './left.js'
import { go, link } from './link.js'
import { inOrder, ORDERS, rank } from './order.js'
import { isOfRegions, rowHeight, shownStates } from './row-height.js'
import { Rows } from './rows.js'
import { agoMs, connection, isComing, isEnded, isLost, pageMs, standsText, store } from './session.js'
import { useRowLines } from './use-row-lines.js'

const steps = later(() => import('../panes/counterexample.js'))

/** Every service that the page knows, found by text and by the state of its lifecycle. `chose` is told when one is chosen. */
export function Services({ chose }: { readonly chose: () => void }): JSX.Element {
  const query = useComputed(() => link.value.search ?? '')
  const only = useComputed(() => link.value.only)
  const all = useComputed(() => store.value.list.members.value)
  const found = useComputed(() => {
    // Summaries are no signals of their own.
    store.value.changed.value
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return all.value
    return all.value.filter((service) => words.every((word) => isIn(word, store.value.list.listed(service))))
  })
  /** Of what the search leaves; a chip that is chosen stays. */
  const counts = useComputed(() => {
    store.value.changed.value
    const each = new Map<string, number>(only.value === undefined ? [] : [[only.value, 0]])
    for (const service of found.value) {
      const { lifecycle } = store.value.list.listed(service)
      each.set(lifecycle, (each.get(lifecycle) ?? 0) + 1)
    }
    return [...each].sort(([a], [b]) => rank(a) - rank(b))
  })
  const second = useComputed(() => Math.floor(tickMs.value / 1000))
  const ordered = useComputed(() => {
    const { order } = link.value
    // Where what is told of them may move them, they are sorted once a second: nobody could click on rows that go by.
    if (order !== undefined) second.value
    return inOrder(found.value, order, (service) => store.value.list.listed(service))
  })
  const shown = useComputed(() => {
    store.value.changed.value
    if (only.value === undefined) return ordered.value
    return ordered.value.filter((service) => store.value.list.listed(service).lifecycle === only.value)
  })
  const letGo = useComputed(() => {
    store.value.changed.value
    return store.value.removed.letGo
  })
  const { list, lines, width } = useRowLines(shown)
  const seen = isComing() ? 'read so far' : isLost.value && !isEnded.value ? 'last seen' : undefined
  const chosen = useComputed(() => shown.value.findIndex(({ key }) => key === link.value.service))
  return (
    <section ref={list} class="services" style={{ '--lines': lines.value || 1 }} aria-label="Services">
      {store.value.counterexample.value !== undefined && (
        <Late of={steps}>{({ CounterexampleSteps }) => <CounterexampleSteps chose={chose} />}</Late>
      )}
      <div class="search">
        <input
          type="search"
          placeholder={`Search ${counted(all.value.length, 'service')}`}
          aria-label="Search services by key, definition, state or hold"
          value={query}
          onInput={({ currentTarget }) => go({ search: currentTarget.value || undefined })}
        />
        <select
          aria-label="Order of the services"
          value={link.value.order ?? ''}
          onChange={({ currentTarget }) => go({ order: currentTarget.value || undefined })}
        >
          <option value="">by key</option>
          {Object.entries(ORDERS).map(([order, label]) => (
            <option key={order} value={order}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {counts.value.length > 0 && (
        <div
          class="chips"
          role="toolbar"
          aria-label={`Filter by lifecycle state${seen === undefined ? '' : `, as ${seen}`}`}
        >
          {seen !== undefined && <span class="chip">{seen}</span>}
          {counts.value.map(([state, count]) => (
            <button
              key={state}
              type="button"
              class={`chip ${state}`}
              aria-pressed={only.value === state}
              onClick={() => go({ only: only.value === state ? undefined : state })}
            >
              <i class="dot" />
              {lifecycleText(state)} <b>{count.toLocaleString('en')}</b>
            </button>
          ))}
        </div>
      )}
      {letGo.value > 0 && (
        <p class="caption">No longer kept: {counted(letGo.value, 'older removed service')}</p>
      )}
      {shown.value.length === 0 ? (
        <p class="empty">{all.value.length === 0 ? 'No services yet.' : 'None is like that.'}</p>
      ) : (
        <Rows
          of={`${only.value} ${query.value} ${link.value.order}`}
          count={shown.value.length}
          height={rowHeight(lines.value)}
          label="Services"
          chosen={chosen.value}
          choose={(index) => {
            const service = shown.value[index]
            if (service !== undefined) goToService(service.key)
          }}
          open={chose}
          row={(index) => {
            const service = shown.value[index]
            const place = { isHigh: lines.value > 0, width: width.value }
            return service && <ServiceRow key={service.key} service={service} {...place} />
          }}
        />
      )}
    </section>
  )
}

function ServiceRow({
  service,
  isHigh,
  width,
}: {
  readonly service: Service
  /** Has room for its state below its key. */
  readonly isHigh: boolean
  /** Of the list, in pixels. */
  readonly width: number
}): JSX.Element {
  service.version.value
  const summary = store.value.list.summary(service)
  const { key, definition, lifecycle, machine, holds, nextDueAtMs, committedAtMs } = summary
  // The usual is told by its colour alone, and to who hears the page.
  const comes = isComing(service)
  const isTold = lifecycle !== 'running' || isLost.value || comes
  return (
    <div class={`service ${comes ? 'coming' : lifecycle}`}>
      <i class="dot" title={standsText(service, lifecycle)} aria-hidden={isTold} />
      <div class={`names${isHigh || isOfRegions(summary) ? ' below' : ''}`}>
        <span class="key" title={key}>
          {key}
        </span>
        <span class="state" title={machine}>
          {shownStates(machine, width) || (isTold ? '' : lifecycleText(lifecycle))}
        </span>
      </div>
      <div class="facts">
        <span class="definition">{definition}</span>
        <span class="fact">
          {isTold && <em>{standsText(service, lifecycle)}</em>}
          {holds.map((hold) => (
            <em key={hold} class="hold" title={`Held by ${hold}`}>
              {hold}
            </em>
          ))}
          {nextDueAtMs !== undefined && (
            <span title={nextTimerText(service, nextDueAtMs)}>
              {roughly(dueText(nextDueAtMs, isLost.value || comes ? undefined : pageMs.value))}
            </span>
          )}
          {committedAtMs !== undefined && (
            <span
              class="ago"
              title={`${lifecycle === 'removed' ? 'Removed' : 'Last commit'} ${new Date(committedAtMs).toISOString()}`}
            >
              {agoText(agoMs.value - committedAtMs)}
            </span>
          )}
        </span>
      </div>
    </div>
  )
}

/** Which timer is the next one, where it was recorded. */
function nextTimerText({ state, moments }: Service, dueAtMs: number): string {
  const timer = state?.timers.find((one) => one.dueAtMs === dueAtMs)
  return timer === undefined ? 'Its next timer' : `Its next timer: ${timerName(timer, moments.logicOf)}`
}

/** Roughly: nobody reads seconds of a day. */
function agoText(ms: number): string {
  if (ms < 2000) return connection.value.status === 'recorded' ? 'at the end' : 'now'
  return `${roughly(delayText(ms))} ago`
}

/** Without the smaller one of two units. */
function roughly(text: string): string {
  return text.replace(/(\d \w+) [\d.]+ \w+$/, '$1')
}

function isIn(word: string, { key, definition, lifecycle, machine, holds }: Summary): boolean {
  return [key, definition, lifecycleText(lifecycle), machine, ...holds].some((text) =>
    text.toLowerCase().includes(word),
  )
}
