import type { JSX } from 'preact'
import { timeText } from '../chart/words.js'
import type { Moment } from '../store/moments.js'
import { kindOf, lineText } from './lines.js'

/** A moment as a line of the timeline. */
export function MomentRow({ moment, before }: { moment: Moment; before: Moment | undefined }): JSX.Element {
  const isFirst = before !== undefined && before.incarnation !== moment.incarnation
  return (
    <span class={`moment kind-${kindOf(moment)}${isFirst ? ' other-process' : ''}`}>
      <time>{moment.type === 'entry' ? timeText(moment.entry.atMs) : ''}</time>
      <i class="dot" />
      <span class="kind">{moment.type === 'entry' ? moment.entry.kind : moment.type}</span>
      <span class="text">{lineText(moment)}</span>
      {isFirst && <span class="process">another process</span>}
    </span>
  )
}

/** A moment in words, with its time. */
export function momentText(moment: Moment | undefined): string {
  if (moment === undefined) return ''
  return moment.type === 'entry' ? `${timeText(moment.entry.atMs)} ${lineText(moment)}` : lineText(moment)
}
