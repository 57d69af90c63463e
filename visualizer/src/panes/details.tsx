import type { JSX } from 'preact'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { actorName, delayText, eventName } from '../chart/words.js'
import { selected, shownIndex, shownMs, shownState, stateBefore } from '../shell/selection.js'
import { fieldOf, typeOf, valueText } from '../store/values.js'
import { Compared } from './compared.js'
import { Controls } from './controls.js'
import { BesideTwin } from './counterexample.js'
import { Tree } from './tree.js'

/** How the chosen service stands at the moment that is shown. */
export function Details(): JSX.Element {
  const state = shownState.value
  const service = selected.value
  if (service === undefined) return <section class="details" aria-label="Details" />
  return (
    <section class="details" aria-label="Details">
      <Controls />
      {service.stored?.damage !== undefined && <p class="bad">{service.stored.damage.message}</p>}
      {state === undefined ? (
        <p class="empty">
          Nothing was recorded of this service.
          {service.stored !== undefined &&
            ` Its checkpoint ${service.stored.checkpoint} says ${service.stored.phase}.`}
        </p>
      ) : (
        <>
          {state.failure !== undefined && (
            <Part title="Failure">
              <ul class="tree bad">
                <Tree name="error" value={state.failure} before={undefined} isOpen />
              </ul>
            </Part>
          )}
          <BesideTwin />
          <Compared />
          <Context state={state} />
          <Actors state={state} />
          <Owed state={state} />
          <Crash state={state} />
        </>
      )}
    </section>
  )
}

function Context({ state }: { state: ServiceState }): JSX.Element {
  const snapshot = snapshotOf(state)
  const before = stateBefore.value === undefined ? undefined : snapshotOf(stateBefore.value)
  const context = fieldOf(snapshot, 'context')
  const output = fieldOf(snapshot, 'output')
  return (
    <Part title="Context">
      {context === undefined ? (
        <p class="none">{state.asleep === true ? 'Asleep: it is in the store.' : 'None.'}</p>
      ) : (
        <ul class="tree">
          <Tree name="context" value={context} before={fieldOf(before, 'context')} isOpen />
          {output !== undefined && (
            <Tree name="output" value={output} before={fieldOf(before, 'output')} isOpen />
          )}
        </ul>
      )}
    </Part>
  )
}

function Actors({ state }: { state: ServiceState }): JSX.Element | null {
  const actors = [...state.actors].sort((a, b) => (a.actor.join('\n') < b.actor.join('\n') ? -1 : 1))
  if (actors.length < 2) return null
  return (
    <Part title="Actors" count={actors.length}>
      <ul class="actors">
        {actors.map(({ actor, logic, snapshot }) => {
          const status = fieldOf(snapshot, 'status')
          const value = valueText(fieldOf(snapshot, 'value'))
          return (
            <li key={actor.join('\n')} class={`depth-${Math.min(actor.length, 6)}`}>
              <i class={`dot ${typeof status === 'string' ? status : ''}`} />
              <span class="name" title={actor.at(-1)}>
                {actor.length === 0 ? 'the machine' : actorName(actor.at(-1) ?? '', logic)}
              </span>
              {logic !== '' && logic !== actorName(actor.at(-1) ?? '', logic) && (
                <span class="about">{logic}</span>
              )}
              <span class="value">{value || (typeof status === 'string' ? status : '')}</span>
            </li>
          )
        })}
      </ul>
    </Part>
  )
}

/** What is still to come: timers, events that wait, effects that wait for their commit or run. */
function Owed({ state }: { state: ServiceState }): JSX.Element {
  const { timers, inbox, outbox, holds } = state
  const now = shownMs.value
  return (
    <>
      {holds.length > 0 && (
        <Part title="Holds" count={holds.length}>
          <ul class="owed">
            {holds.map(({ hold, by }) => (
              <li key={`${hold} ${by}`}>
                <span class="name">{hold}</span>
                <span class="value">by {by}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {timers.length > 0 && (
        <Part title="Timers" count={timers.length}>
          <ul class="owed">
            {timers.slice(0, 100).map(({ actor, id, event, dueAtMs, policy }) => (
              <li key={`${actor.join('\n')} ${id}`}>
                <span class="name" title={typeOf(event)}>
                  {eventName(typeOf(event))}
                </span>
                <span class="about">{policy}</span>
                <span class="value">{dueAtMs <= now ? 'due' : `in ${delayText(dueAtMs - now)}`}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {inbox.length > 0 && (
        <Part title="Inbox" count={inbox.length}>
          <ul class="owed">
            {inbox.slice(0, 100).map(({ event, eventKey }, index) => (
              <li key={eventKey ?? index}>
                <span class="name">{typeOf(event)}</span>
                <span class="value">{eventKey}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {outbox.length > 0 && (
        <Part title="Outbox" count={outbox.length}>
          <ul class="owed">
            {outbox.slice(0, 100).map(({ effect, effectKind, name, running }) => (
              <li key={effect}>
                <span class="name">{name}</span>
                <span class="about">{effectKind}</span>
                <span class="value">{running ? 'runs' : 'waits for its commit'}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  )
}

/** Which checkpoint a crash at this moment would go on from, and what it would cost. */
function Crash({ state }: { state: ServiceState }): JSX.Element {
  const { commit } = state
  const after = commit === undefined ? 0 : entriesAfter(commit.upTo)
  return (
    <Part title="If the process died now">
      {commit === undefined ? (
        <p class="none">{crashText(state)}</p>
      ) : (
        <dl>
          <div>
            <dt>It goes on from</dt>
            <dd>
              checkpoint {commit.checkpoint} ({commit.phase})
            </dd>
          </div>
          <div>
            <dt>Size</dt>
            <dd>{sizeText(commit.size)}</dd>
          </div>
          <div>
            <dt>Committed in</dt>
            <dd>{Math.round(commit.durationMs * 10) / 10} ms</dd>
          </div>
          <div>
            <dt>Owner’s epoch</dt>
            <dd>{commit.epoch}</dd>
          </div>
          {after > 0 && (
            <div>
              <dt>Since its capture</dt>
              <dd>
                {after} {after === 1 ? 'entry' : 'entries'}
              </dd>
            </div>
          )}
        </dl>
      )}
    </Part>
  )
}

/** Entries of the service that came after the capture of its newest checkpoint, the commit itself aside. */
function entriesAfter(sequence: number): number {
  const moments = selected.value?.moments
  let count = 0
  for (let at = shownIndex.value; at >= 0; at--) {
    const moment = moments?.at(at)
    if (moment?.type !== 'entry' || moment.entry.sequence <= sequence) break
    if (moment.entry.kind !== 'commit') count++
  }
  return count
}

function crashText(state: ServiceState): string {
  const { revivedFrom } = state
  return revivedFrom === undefined || revivedFrom === 0
    ? 'Nothing is durable yet: it would begin anew.'
    : `It goes on from checkpoint ${revivedFrom}, as in this life.`
}

function Part({
  title,
  count,
  children,
}: {
  title: string
  count?: number
  children: preact.ComponentChildren
}): JSX.Element {
  return (
    <section class="part" aria-label={title}>
      <h3>
        {title}
        {count !== undefined && <b>{count.toLocaleString('en')}</b>}
      </h3>
      {children}
    </section>
  )
}

function snapshotOf({ actors }: ServiceState): unknown {
  return actors.find(({ actor }) => actor.length === 0)?.snapshot
}

function sizeText(characters: number): string {
  return characters < 10_000
    ? `${characters.toLocaleString('en')} characters`
    : `${Math.round(characters / 1000).toLocaleString('en')} kB`
}
