/** A daily span in which nothing but urgent notifications is sent. */
export interface QuietHours {
  /** `HH:MM`, the first quiet minute. */
  readonly from: string
  /** `HH:MM`, the first minute that is not quiet; before `from` means on the next day. */
  readonly to: string
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string
}

const DAY_MS = 86_400_000

/**
 * How long quiet hours go on, in ms; 0 outside them.
 * @throws {RangeError} a time is not `HH:MM`, or the time zone is unknown
 */
export function quietForMs(hours: QuietHours | undefined, nowMs: number): number {
  if (hours === undefined) return 0
  const from = timeOfDayMs(hours.from)
  const to = timeOfDayMs(hours.to)
  const now = localTimeMs(nowMs, hours.timeZone)
  const since = modulo(now - from, DAY_MS)
  const length = modulo(to - from, DAY_MS)
  if (since >= length) return 0
  const endMs = nowMs + (length - since)
  // A clock change in between moves the end: look where the guess lands, and correct it.
  const off = modulo(localTimeMs(endMs, hours.timeZone) - to + DAY_MS / 2, DAY_MS) - DAY_MS / 2
  return Math.max(1, endMs - off - nowMs)
}

/** @throws {RangeError} it is not `HH:MM` */
function timeOfDayMs(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match === null) throw new RangeError(`Quiet hours need times like 22:00, not “${text}”.`)
  return (Number(match[1]) * 60 + Number(match[2])) * 60_000
}

/** Milliseconds since midnight on the wall clocks of the time zone. */
function localTimeMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return ((read('hour') * 60 + read('minute')) * 60 + read('second')) * 1000 + modulo(atMs, 1000)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
