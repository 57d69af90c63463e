import { computed, signal, useComputed, useSignalEffect } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { statesOf } from '../chart/folding.js'
import { whileWaiting } from '../shell/control.js'
import { selected } from '../shell/selection.js'
import { request } from '../shell/session.js'
import { machineChart } from '../shell/shown-chart.js'
import {
  beforehand,
  type Entered,
  eventOf,
  type Field,
  fieldsSeen,
  moved,
  type Text,
} from '../store/event-form.js'

const NOTHING: Text = { written: new Map(), more: '' }

/** What is written for a service: a look at the past, at another service or event or at what is said meanwhile must not cost it. */
class Draft {
  readonly type = signal('')
  readonly problems = signal<ReadonlyMap<string, string>>(new Map())
  /** What is written for each type, and under the empty one for none yet. */
  readonly #texts = signal<ReadonlyMap<string, Text>>(new Map())
  /** What was written before there was a type is of the first that is chosen. */
  readonly text = computed(
    () => this.#texts.value.get(this.type.value) ?? this.#texts.value.get('') ?? NOTHING,
  )
  readonly more = computed(() => this.text.value.more)

  write(field: string, entered: Entered | undefined): void {
    const written = new Map(this.text.value.written)
    if (entered === undefined) written.delete(field)
    else written.set(field, entered)
    this.own({ ...this.text.value, written })
    this.mended(field)
  }

  writeMore(more: string): void {
    this.own({ ...this.text.value, more })
    this.mended('more')
  }

  /** There are fields now for some of it. */
  move(fields: readonly Field[]): void {
    const text = this.text.peek()
    const next = moved(fields, text)
    if (next !== text) this.own(next)
  }

  /** What is shown is of the chosen type from now on. */
  own(text = this.text.value): void {
    const texts = new Map(this.#texts.peek())
    texts.delete('')
    this.#texts.value = texts.set(this.type.peek(), text)
  }

  /** What is written anew has no problem that is known. */
  mended(name: string): void {
    if (!this.problems.value.has(name)) return
    const left = new Map(this.problems.value)
    left.delete(name)
    this.problems.value = left
  }
}

/** Of each service that was looked at, by its key. */
const drafts = new Map<string, Draft>()

function draftOf(key: string): Draft {
  const draft = drafts.get(key) ?? new Draft()
  drafts.set(key, draft)
  return draft
}

/** The fields of a type's events, as far as they were looked for in the moments of the service. */
interface Seen {
  readonly type: string
  readonly fields: readonly Field[]
  readonly upTo: number
}

/** An event from those that the machine knows: a field for each that such events have had, and more of them as JSON. */
export function SendEvent({ serviceKey }: { readonly serviceKey: string }): JSX.Element {
  const draft = draftOf(serviceKey)
  const { type, text, more, problems } = draft
  const { written } = text.value
  const known = useComputed(() => eventsOf())
  const seen = useRef<Seen>({ type: '', fields: [], upTo: 0 })
  // Not again with every event that comes: somebody is writing into them. Where there are none yet, the first such event has them come.
  const fields = useComputed(() => {
    const service = selected.value
    if (seen.current.type !== type.value) seen.current = { type: type.value, fields: [], upTo: 0 }
    const { fields, upTo } = seen.current
    if (service === undefined || type.value === '' || fields.length > 0) return fields
    service.version.value
    const found = fieldsSeen(service.moments, type.value, upTo)
    seen.current = {
      type: type.value,
      fields: found.length > 0 ? found : fields,
      upTo: service.moments.length,
    }
    return seen.current.fields
  })

  useSignalEffect(() => draft.move(fields.value))

  function submit(event: Event): void {
    event.preventDefault()
    draft.own()
    const said = eventOf(type.value, fields.value, written, more.value)
    problems.value = 'problems' in said ? said.problems : new Map()
    if ('event' in said) request({ type: 'send', key: serviceKey, event: said.event }, `Send ${type.value}`)
  }

  return (
    <form class="buttons event" noValidate onSubmit={submit}>
      <input
        type="text"
        list="events"
        placeholder="EVENT"
        aria-label="Type of the event"
        value={type}
        onInput={({ currentTarget }) => {
          type.value = currentTarget.value
          problems.value = new Map()
        }}
      />
      <datalist id="events">
        {known.value.map((event) => (
          <option key={event} value={event} />
        ))}
      </datalist>
      {fields.value.map((field) => (
        <EventField
          key={`${type.value} ${field.name}`}
          field={field}
          entered={written.get(field.name)}
          problem={problems.value.get(field.name)}
          write={(entered) => draft.write(field.name, entered)}
        />
      ))}
      <input
        type="text"
        class="more"
        placeholder={fields.value.length > 0 ? '{ } more' : '{ } more fields'}
        aria-label="More fields of the event, as JSON"
        aria-invalid={problems.value.has('more')}
        value={more}
        onInput={({ currentTarget }) => draft.writeMore(currentTarget.value)}
      />
      <button type="submit" {...whileWaiting({ type: 'send', key: serviceKey, event: {} })}>
        Send
      </button>
      {['type', 'more'].map(
        (name) =>
          problems.value.has(name) && (
            <p key={name} class="bad" role="alert">
              {problems.value.get(name)}
            </p>
          ),
      )}
    </form>
  )
}

/** A field, `entered` being undefined while it holds what the last event had. */
function EventField({
  field,
  entered,
  problem,
  write,
}: {
  readonly field: Field
  readonly entered: Entered | undefined
  readonly problem: string | undefined
  readonly write: (entered: Entered | undefined) => void
}): JSX.Element {
  const { name, kind, isOptional, last } = field
  // Of what may be left out, what is empty is.
  const isLeftOut = entered === null && !isOptional
  const about = {
    'aria-label': `${name}, ${isLeftOut ? 'left out' : `${kind}${isOptional ? ', may be left out' : ''}`}`,
    'aria-invalid': !isLeftOut && problem !== undefined,
    disabled: isLeftOut,
    value: isLeftOut ? '' : (entered ?? beforehand(field)),
  }
  return (
    <div class={`event-field${isLeftOut ? ' left-out' : ''}`}>
      <span class="name" aria-hidden="true">
        {name}
        {isOptional && '?'}
      </span>
      {kind === 'yes or no' ? (
        <select {...about} onChange={({ currentTarget }) => write(currentTarget.value)}>
          <option value="">…</option>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : (
        <input
          {...about}
          type="text"
          inputMode={kind === 'number' ? 'decimal' : undefined}
          placeholder={isLeftOut ? '' : last}
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
      )}
      <span class="about">{isLeftOut ? 'left out' : kind}</span>
      {!isOptional && (
        <button
          type="button"
          class="quiet"
          aria-label={`Leave out ${name}`}
          aria-pressed={isLeftOut}
          title={isLeftOut ? 'Send it after all' : 'Send the event without it'}
          onClick={() => write(isLeftOut ? undefined : null)}
        >
          {isLeftOut ? '+' : '×'}
        </button>
      )}
      {!isLeftOut && problem !== undefined && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}

/** Types of the events that the machine takes from outside, once each. */
function eventsOf(): readonly string[] {
  const chart = machineChart.value
  if (chart === undefined) return []
  const all = statesOf(chart).flatMap(({ transitions = [] }) =>
    transitions.flatMap(({ trigger }) =>
      trigger.type === 'event' && !trigger.event.includes('*') ? [trigger.event] : [],
    ),
  )
  return [...new Set(all)].sort()
}
