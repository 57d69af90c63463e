import { isObject } from '../errors/option-checks.js'

/** `3 of 10`, where a task counts its progress and its input says how far it goes; empty where it counts nothing. */
export function progressText(progress: unknown, input: unknown): string {
  if (typeof progress !== 'number') return ''
  const total = isObject(input) && 'total' in input ? input.total : undefined
  return typeof total === 'number' ? `${progress} of ${total}` : `progress ${progress}`
}
