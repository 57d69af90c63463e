import { timeText } from '../chart/words.js'
import { store } from './session.js'

/** Whether the time of what is shown is none of any clock: that of a counterexample is simulated. */
export const isSimulated = (): boolean => store.value.counterexample.value !== undefined

/** When a moment was: by the clock, or how long after the beginning of a counterexample, as `+1.5 s`. */
export function momentTime(ms: number): string {
  if (!isSimulated()) return timeText(ms)
  const began = Math.min(...[...store.value.incarnations.values()].map(({ startedAtMs }) => startedAtMs))
  return `+${((ms - began) / 1000).toLocaleString('en', { maximumFractionDigits: 3 })} s`
}
