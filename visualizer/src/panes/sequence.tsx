import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { eventName } from '../chart/words.js'
import { Rows } from '../shell/rows.js'
import { pick, pickedIndex, selected } from '../shell/selection.js'
import { delayOfEvent, keyOfState } from '../shell/session.js'
import { momentTime } from '../shell/time.js'
import { timeOf } from '../store/addresses.js'
import { type Message, Messages } from './messages.js'
import { alongArrow, atEdge, besideLoop, edgeBefore, isOnLeft, LOOP, type Sight } from './name-place.js'

const ROW_HEIGHT = 30
/** From the middle of the row to the arrow, below its text. */
const ARROW_Y = 20
/** Of the time that stands before each arrow. */
const TIMES = 92
/** Lanes are not narrower. */
const LANE = 96

/** What went between the actors of a service: a lane for each, an arrow for each event. */
export function Sequence(): JSX.Element {
  const made = useRef<Messages | undefined>(undefined)
  const now = useComputed(() => {
    const moments = selected.value?.moments
    selected.value?.version.value
    if (moments === undefined) return undefined
    if (made.current?.isOf(moments) !== true) made.current = new Messages(moments, moments.dropped)
    made.current.goOn()
    // Another object each time: the lists themselves grow in place.
    return { lanes: made.current.lanes, list: made.current.list, count: made.current.list.length }
  })
  const box = useRef<HTMLDivElement>(null)
  const view = useSignal({ left: 0, width: 0, lanes: 0 })
  const isThere = (now.value?.count ?? 0) > 0
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    // A scroll bar takes some of their width.
    const rows = element.querySelector('.rows') ?? element
    const look = () => {
      view.value = { left: element.scrollLeft, width: element.clientWidth, lanes: rows.clientWidth - TIMES }
    }
    const watch = new ResizeObserver(look)
    watch.observe(element)
    watch.observe(rows)
    element.addEventListener('scroll', look)
    look()
    return () => watch.disconnect()
  }, [isThere])
  const service = selected.value
  if (service === undefined || now.value === undefined || now.value.count === 0)
    return (
      <p class="empty">
        {service?.moments.length === 0 ? 'Nothing was recorded of it.' : 'No event has reached an actor.'}
      </p>
    )
  const { lanes, list, count } = now.value
  const picked = pickedIndex.value
  const { left, width, lanes: all } = view.value
  const sight = { from: Math.max(0, left - TIMES), to: Math.min(all, left + width - TIMES), all }
  const style = { '--lanes': lanes.length, '--lane': `${LANE}px`, '--times': `${TIMES}px` }
  return (
    <div ref={box} class="sequence" style={style}>
      <div class="lanes" aria-hidden="true">
        {lanes.map((name, lane) => (
          <span key={`${lane} ${name}`} title={name}>
            {name}
          </span>
        ))}
      </div>
      <Rows
        count={count}
        height={ROW_HEIGHT}
        label="Messages"
        chosen={picked === undefined ? -1 : list.findLastIndex(({ index }) => index <= picked)}
        sticks={picked === undefined}
        choose={(index) => pick(list[index]?.index)}
        row={(index) => {
          const message = list[index]
          return (
            message && (
              <Arrow
                message={message}
                name={eventName(message.event, keyOfState, service.moments.logicOf, delayOfEvent)}
                lanes={lanes}
                sight={sight}
                time={momentTime(timeOf(service, message.index) ?? 0)}
              />
            )
          )
        }}
      />
    </div>
  )
}

function Arrow({
  message,
  name,
  lanes,
  sight,
  time,
}: {
  readonly message: Message
  readonly name: string
  readonly lanes: readonly string[]
  readonly sight: Sight
  readonly time: string
}): JSX.Element {
  const { from, to } = message
  const at = (lane: number) => `${((lane + 0.5) / lanes.length) * 100}%`
  const said = `${time} ${name} from ${lanes[from]} to ${lanes[to]}${message.isOther ? ', in another process' : ''}`
  const isBack = to < from
  const pixels = (lane: number) => ((lane + 0.5) / lanes.length) * sight.all
  const [start, end] = [pixels(from), pixels(to)]
  const edge = edgeBefore(start, end, sight)
  const place =
    edge !== undefined
      ? atEdge(edge, sight)
      : from === to
        ? besideLoop(start, name, sight)
        : alongArrow(start, end, sight)
  return (
    <div
      class={`arrow-row${message.isOther ? ' other-process' : ''}`}
      role="img"
      aria-label={said}
      title={said}
    >
      <time>{time}</time>
      {message.isOther && <span class="process">another process</span>}
      <div class="ways">
        <svg width="100%" height={ROW_HEIGHT} aria-hidden="true">
          {lanes.map((lane, index) => (
            <line
              key={`${index} ${lane}`}
              class="lane"
              x1={at(index)}
              x2={at(index)}
              y1={0}
              y2={ROW_HEIGHT}
            />
          ))}
          {from === to ? (
            <svg x={at(from)} y={0} overflow="visible" aria-hidden="true">
              <g transform={isOnLeft(place) ? 'scale(-1 1)' : undefined}>
                <path class="way" d={`M0 8h${LOOP}v12H4`} />
                <path class="tip" d="M0 20l8 -4v8z" />
              </g>
            </svg>
          ) : (
            <>
              <line class="way" x1={at(from)} x2={at(to)} y1={ARROW_Y} y2={ARROW_Y} />
              <svg x={at(to)} y={ARROW_Y} overflow="visible" aria-hidden="true">
                <path class="tip" d={isBack ? 'M0 0l8 -4v8z' : 'M0 0l-8 -4v8z'} />
              </svg>
            </>
          )}
        </svg>
        <span class={`message${edge === undefined ? '' : ' beyond'}`} style={place}>
          {edge === 'left' && '◂ '}
          {name}
          {edge === 'right' && ' ▸'}
        </span>
      </div>
    </div>
  )
}
