import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Guarded } from './guarded.js'
import { useSize } from './use-size.js'

/** Rows beyond the window that are there already, so that scrolling shows no holes. */
const BEYOND = 6

/** A list of any length, of which only the rows that are seen exist. Arrow keys, Page, Home and End move the chosen one. */
export function Rows({
  of,
  count,
  height,
  label,
  chosen,
  choose,
  open,
  row,
  sticks,
  range,
  select,
  leave,
}: {
  /** What the rows are chosen by: others begin at their first. */
  readonly of?: string
  readonly count: number
  /** Of each row, in pixels. */
  readonly height: number
  readonly label: string
  /** Index of the chosen row, -1 for none. */
  readonly chosen: number
  readonly choose: (index: number) => void
  /** Told of a click, and of Enter. */
  readonly open?: () => void
  readonly row: (index: number) => ComponentChildren
  /** Whether it stays at its end while rows come; false where it may, and something else is looked at. */
  readonly sticks?: boolean
  /** First and last row of what is selected, in the order in which it was. */
  readonly range?: readonly [number, number] | undefined
  /** Told of a range: by Shift with a key or a click, and by dragging from row to row. */
  readonly select?: (from: number, to: number) => void
  /** Told of Escape. */
  readonly leave?: () => void
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const top = useSignal(0)
  const seen = useSize(box, 'clientHeight', 600)
  const isAtEnd = useRef(sticks === true)
  const lastChosen = useRef(chosen)
  const lastSticks = useRef(sticks)
  const lastOf = useRef(of)
  /** The list has scrolled itself: to ask where it is then would have the browser lay out everything once more. */
  const isOwnScroll = useRef(false)
  const handsOn = () => {
    isOwnScroll.current = false
  }
  const dragged = useRef<{ readonly from: number; moved: boolean } | undefined>(undefined)
  const id = useRef(`rows-${label.replaceAll(/\W+/g, '-')}`)

  // Who lets go of a row is at the end again.
  const wasLetGo = lastChosen.current !== -1 || lastSticks.current === false
  if (sticks === true && chosen === -1 && wasLetGo) isAtEnd.current = true
  lastChosen.current = chosen
  lastSticks.current = sticks
  const isSticking = sticks === true && isAtEnd.current && chosen === -1
  // Known before the browser has scrolled there: rows that come thousands a second are drawn once a frame.
  const from = isSticking ? Math.max(0, count * height - seen.value) : top.value

  useLayoutEffect(() => {
    if (!isSticking || box.current === null) return
    isOwnScroll.current = true
    top.value = from
    box.current.scrollTop = count * height
  }, [count, isSticking, seen.value])

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const isOther = lastOf.current !== of
    lastOf.current = of
    if (isOther) element.scrollTop = 0
    // Who looks at what comes before all rows begins with the first.
    if (sticks === false && chosen < 0) element.scrollTop = 0
    if (isOther || chosen < 0) return
    const place = chosen * height
    if (place < element.scrollTop) element.scrollTop = place
    else if (place + height > element.scrollTop + element.clientHeight)
      element.scrollTop = place + height - element.clientHeight
  }, [chosen, of, sticks])

  const first = Math.max(0, Math.floor(from / height) - BEYOND)
  const last = Math.min(count, Math.ceil((from + seen.value) / height) + BEYOND)

  function pressed(event: KeyboardEvent): void {
    if (event.key === 'Enter' && chosen !== -1) open?.()
    if (event.key === 'Escape') leave?.()
    const page = Math.max(1, Math.floor(seen.value / height) - 1)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
    }
    const move = moves[event.key]
    // Where none is chosen, a list that sticks to its end shows its last row, from which a range goes, and beyond which one comes from.
    const beyond = event.shiftKey ? count - 1 : count
    const start = chosen === -1 && sticks === true ? beyond : chosen
    const to =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? count - 1
          : move === undefined
            ? undefined
            : start + move
    if (to === undefined || count === 0) return
    event.preventDefault()
    const next = Math.max(0, Math.min(count - 1, to))
    if (event.shiftKey && select !== undefined) select(range?.[0] ?? Math.min(start, count - 1), next)
    else choose(next)
  }

  function clicked(index: number, isRange: boolean): void {
    const isDrag = dragged.current?.moved === true
    dragged.current = undefined
    if (isDrag) return
    // Where none is chosen, the last line of a list that sticks to its end is what is shown.
    const shown = chosen === -1 ? (sticks === true ? count - 1 : index) : chosen
    if (isRange && select !== undefined) select(range?.[0] ?? shown, index)
    else choose(index)
    open?.()
  }

  function dragOver(index: number, { buttons, pointerType }: PointerEvent): void {
    const drag = dragged.current
    // A finger scrolls.
    if (drag === undefined || select === undefined || buttons !== 1 || pointerType === 'touch') return
    if (index === drag.from && !drag.moved) return
    drag.moved = true
    select(drag.from, index)
  }

  const [low, high] = range === undefined ? [0, -1] : [Math.min(...range), Math.max(...range)]

  return (
    <div
      ref={box}
      class="rows"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={chosen >= first && chosen < last ? `${id.current}-${chosen}` : undefined}
      onKeyDown={pressed}
      onWheel={handsOn}
      onTouchMove={handsOn}
      onPointerDown={handsOn}
      onScroll={({ currentTarget }) => {
        if (isSticking && isOwnScroll.current) return
        const { scrollTop, clientHeight, scrollHeight } = currentTarget
        const wasSticking = isSticking
        isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 4
        if (!wasSticking || !isAtEnd.current) top.value = scrollTop
      }}
    >
      <div class="rows-all" style={{ height: `${count * height}px` }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, at) => {
          const index = first + at
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list is worked by keys as a whole
            <div
              key={index}
              id={`${id.current}-${index}`}
              class={`one${index === chosen ? ' chosen' : ''}${index >= low && index <= high ? ' within' : ''}`}
              role="option"
              aria-selected={index === chosen}
              aria-posinset={index + 1}
              aria-setsize={count}
              tabIndex={-1}
              style={{ height: `${height}px`, transform: `translateY(${index * height}px)` }}
              onPointerDown={({ button, shiftKey }) => {
                if (button === 0 && !shiftKey) dragged.current = { from: index, moved: false }
              }}
              onPointerMove={(event) => dragOver(index, event)}
              onClick={({ shiftKey }) => clicked(index, shiftKey)}
            >
              <Guarded>{row(index)}</Guarded>
            </div>
          )
        })}
      </div>
    </div>
  )
}
