import type { JSX } from 'preact'
import { Coded } from '../shell/coded.js'
import { momentTime } from '../shell/time.js'
import type { Moments } from '../store/moments.js'
import { errorText } from './error-text.js'
import { isIgnored, lineText } from './line-text.js'
import { kindOf } from './lines.js'
import { isUndone } from './lives.js'

const UNDONE = 'The service has gone back to a checkpoint before this: it no longer counts'

/** A moment as a line of the timeline. */
export function MomentRow({
  moments,
  index,
}: {
  readonly moments: Moments
  readonly index: number
}): JSX.Element | null {
  const [before, moment] = [moments.at(index - 1), moments.at(index)]
  if (moment === undefined) return null
  const error = errorText(moment)
  const isFirst = before !== undefined && before.incarnation !== moment.incarnation
  const isLost = isUndone(moments, index)
  return (
    <span
      class={`moment kind-${kindOf(moment)}${isFirst ? ' other-process' : ''}${isLost ? ' undone' : ''}`}
      title={isLost ? UNDONE : undefined}
    >
      <time>{moment.type === 'entry' ? momentTime(moment.entry.atMs) : ''}</time>
      <i class="dot" />
      <span class="kind">{moment.type === 'entry' ? moment.entry.kind : moment.type}</span>
      <span class="text">
        {lineText(moment, moments)}
        {error !== '' && (
          <span class="bad">
            : <Coded text={error} />
          </span>
        )}
        {isIgnored(moments, index) && (
          <span class="ignored"> ignored: no transition takes it in this state</span>
        )}
      </span>
      {isLost && <span class="process">lost</span>}
      {isFirst && <span class="process">another process</span>}
    </span>
  )
}

/** A moment in words, with its time. */
export function momentText(moments: Moments, index: number): string {
  const moment = moments.at(index)
  if (moment === undefined) return ''
  const text = lineText(moment, moments)
  return moment.type === 'entry' ? `${momentTime(moment.entry.atMs)} ${text}` : text
}
