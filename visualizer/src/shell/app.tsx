import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { problemOf } from '../../../src/errors/base.js'
import type { Problem, RefusedGuest } from '../../../src/inspect/stream/message.js'
import { delayText } from '../chart/words.js'
import { saveTrace } from '../exports/save-trace.js'
import { tickMs } from './clock.js'
import { Coded } from './coded.js'
import { Guarded } from './guarded.js'
import { Late } from './late.js'
import { later, missed } from './later.js'
import { go, link } from './link.js'
import { Lost } from './lost.js'
import { Mark } from './mark.js'
import { Services } from './services.js'
import { connection, isComing, isEnded, isLost, type Standing, store } from './session.js'
import { PaneTitle, Stage } from './stage.js'
import { nextTheme, theme } from './theme.js'

const details = later(() => import('../panes/details.js'))
const timeline = later(() => import('../panes/timeline.js'))
const welcome = later(() => import('./welcome.js'))

const PANES = ['services', 'chart', 'details', 'timeline'] as const
type Pane = (typeof PANES)[number]

/** The page: services, the chosen one's chart, how it stands, and its history. */
export function App(): JSX.Element {
  /** Of a narrow window, which shows one at a time. */
  const usual = useSignal<Pane>(link.value.service === undefined ? 'services' : 'chart')
  const pane = PANES.find((name) => name === link.value.pane) ?? usual.value
  const chose = () => {
    usual.value = 'chart'
    go({ pane: undefined })
  }
  const missing = useComputed(() => {
    store.value.changed.value
    return store.value.missing
  })
  const { status } = connection.value
  // What was to be opened and is no trace leaves who chose it where they can choose another one.
  if (status === 'nowhere' || (status === 'refused' && link.value.token === undefined))
    return <Late of={welcome}>{({ Welcome }) => <Welcome />}</Late>
  return (
    <div
      class="app"
      data-pane={pane}
      data-missing={missing.value}
      data-connection={isEnded.value ? 'ended' : isLost.value ? 'lost' : connection.value.status}
    >
      <Guarded>
        <Header />
      </Guarded>
      <Guarded>
        <Problems />
      </Guarded>
      <nav class="panes" aria-label="Parts of the page">
        {PANES.map((name) => (
          <button key={name} type="button" aria-pressed={pane === name} onClick={() => go({ pane: name })}>
            {name}
          </button>
        ))}
      </nav>
      {(pane === 'details' || pane === 'timeline') && (
        <Guarded>
          <PaneTitle />
        </Guarded>
      )}
      <main>
        <Guarded>
          <Services chose={chose} />
        </Guarded>
        <Guarded>
          <Stage />
        </Guarded>
        <section class="details" aria-label="Details">
          <Late of={details}>{({ Details }) => <Details />}</Late>
        </section>
        <section class="timeline" aria-label="Timeline">
          <Late of={timeline}>{({ Timeline }) => <Timeline />}</Late>
        </section>
      </main>
    </div>
  )
}

function Header(): JSX.Element {
  const hello = store.value.hello.value
  return (
    <header class="head">
      <h1>
        <Mark /> <span>Tardigrade</span>
      </h1>
      {hello?.store !== undefined && (
        <span class="where" title="The store">
          {hello.store}
        </span>
      )}
      <span class="space" />
      <button
        type="button"
        class="quiet"
        title="Save everything that the page knows, to be opened again later"
        onClick={() => void saveTrace('trace.json', store.value)}
      >
        Save trace
      </button>
      <Pill standing={connection.value} />
      <button
        type="button"
        class="quiet"
        onClick={nextTheme}
        aria-label={`Colours: ${theme.value}. Change`}
        title={`Colours: ${theme.value}`}
      >
        {theme.value === 'dark' ? '☾' : theme.value === 'light' ? '☀' : '◐'}
      </button>
    </header>
  )
}

function Pill({ standing }: { standing: Standing }): JSX.Element {
  return (
    <span class={`pill ${isEnded.value ? 'ended' : isLost.value ? 'lost' : standing.status}`}>
      <i class="dot" />
      <span role="status">
        {isEnded.value ? 'ended' : isLost.value ? 'connection lost' : standingText(standing)}
      </span>
      {/* Nobody wants to hear each second of it. */}
      {standing.status === 'lost' && !isEnded.value && (
        <span aria-hidden="true">again in {delayText(Math.max(0, standing.retryAtMs - tickMs.value))}</span>
      )}
    </span>
  )
}

function standingText(standing: Standing): string {
  switch (standing.status) {
    case 'nowhere':
      return 'not connected'
    case 'connecting':
      return 'connecting'
    case 'open':
      store.value.changed.value
      if (isComing()) return 'reading …'
      // Of a store at rest nothing comes.
      return store.value.isAnyLive ? 'live' : 'connected'
    case 'lost':
    case 'refused':
      return standing.status
    case 'recorded':
      return `recorded: ${standing.name.slice(standing.name.lastIndexOf('/') + 1)}`
  }
}

function Problems(): JSX.Element {
  const standing = connection.value
  const { kept, refusal, refusedGuests, unreadable } = store.value
  const problem = kept.problem.value
  const older = kept.owner.value?.older
  const text = standing.status === 'refused' ? standing.reason : refusal.value
  return (
    <>
      {isLost.value && <Lost />}
      {text !== undefined && (
        <p class="problem" role="alert">
          <Coded text={text} />
        </p>
      )}
      {unreadable.value.map(({ message }) => (
        <p key={message} class="problem" role="alert">
          <Coded text={message} />
        </p>
      ))}
      {refusedGuests.value.length > 0 && (
        <PutAway putAway={() => (refusedGuests.value = [])}>{guestsText(refusedGuests.value)}</PutAway>
      )}
      {missed.value !== undefined && (
        <PutAway putAway={() => (missed.value = undefined)}>{missed.value}</PutAway>
      )}
      {standing.status !== 'refused' && problem !== undefined && (
        <StoreProblem of={problem}>
          What was recorded is shown all the same. How the checkpoints stand, nobody knows until the store can
          be read.
        </StoreProblem>
      )}
      {standing.status !== 'refused' && problem === undefined && older !== undefined && (
        <StoreProblem of={older}>What was recorded is shown all the same.</StoreProblem>
      )}
    </>
  )
}

/** What somebody has read, they put away. */
function PutAway({
  putAway,
  children,
}: {
  readonly putAway: () => void
  readonly children: string
}): JSX.Element {
  return (
    <p class="problem" role="alert">
      {children}
      <button type="button" class="quiet" aria-label="Put away" onClick={putAway}>
        ×
      </button>
    </p>
  )
}

/** One line, whoever tries and however often. */
function guestsText(refused: readonly RefusedGuest[]): string {
  const packages = [...new Set(refused.map(({ guest }) => guest))].join(' or ')
  const tokens = [...new Set(refused.map(({ token }) => (token === 'none' ? 'no token' : 'another token')))]
  return `An application that uses ${packages} was refused: its URL gives ${tokens.join(' or ')}. Give it the address that the server printed.`
}

/** What is wrong with the store, with what to do, and what the page shows meanwhile. */
function StoreProblem({ of, children }: { readonly of: Problem; readonly children: string }): JSX.Element {
  return (
    <p class="problem store" role="alert">
      <strong>
        <Coded text={problemOf(of)} />
      </strong>
      <span>
        <Coded text={of.remedy ?? ''} /> {children}
      </span>
    </p>
  )
}
