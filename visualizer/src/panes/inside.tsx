import type { JSX } from 'preact'
import { momentTime } from '../shell/time.js'
import type { Moment, Moments } from '../store/moments.js'
import { lineText } from './line-text.js'
import { momentText } from './moment-row.js'
import { Tree } from './tree.js'

/** All that is told of a moment. */
export function Inside({
  moments,
  index,
}: {
  readonly moments: Moments
  readonly index: number
}): JSX.Element {
  const moment = moments.at(index)
  const inside = moment === undefined ? undefined : insideOf(moment, moments)
  return (
    <>
      <h3>{momentText(moments, index)}</h3>
      <ul class="tree">
        {Object.entries(inside ?? {}).map(([name, value]) => (
          <Tree key={`${index} ${name}`} name={name} value={value} before={undefined} isOpen />
        ))}
      </ul>
    </>
  )
}

/** What can be looked into of a moment: the event, the changes, the parameters. */
export function insideOf(moment: Moment, moments: Moments): unknown {
  if (moment.type !== 'entry') return undefined
  const { sequence: _, atMs: __, key: ___, kind: ____, ...rest } = moment.entry
  if (!('upTo' in rest)) return rest
  const { upTo, ...told } = rest
  return { ...told, 'holds all up to': upToText(upTo, moment, moments) }
}

/** The last moment of the service that is in a checkpoint, in words. */
function upToText(upTo: number, { incarnation }: Moment, moments: Moments): string {
  const last = moments
    .all()
    .findLast((one) => one.type === 'entry' && one.incarnation === incarnation && one.entry.sequence <= upTo)
  return last?.type === 'entry'
    ? `${momentTime(last.entry.atMs)} ${lineText(last, moments)}`
    : `entry ${upTo}`
}
