const DAY_MS = 86_400_000
const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'))

// The day written last, with its text: a pure cache, since timestamps of one state share their days.
let cachedDay = Number.NaN
let cachedText = ''

/** `new Date(ms).toISOString()`, which is several times slower. Times are whole milliseconds since 1970. */
export function isoText(ms: number): string {
  const day = Math.floor(ms / DAY_MS)
  if (day !== cachedDay) {
    cachedText = new Date(day * DAY_MS).toISOString().slice(0, -13)
    cachedDay = day
  }
  const rest = ms - day * DAY_MS
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  const thousandths = String(rest - seconds * 1000).padStart(3, '0')
  return `${cachedText}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${thousandths}Z`
}
