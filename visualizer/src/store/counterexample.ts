import type { CounterexampleMessage, CounterexampleStep } from '../../../src/inspect/stream/trace.js'
import { fieldOf } from './values.js'

const TEXTS = ['service', 'token', 'interrupted', 'twin'] as const

/** The counterexample in what a file holds, where it has the shape of one: undefined for anything else. */
export function counterexampleIn(value: unknown): CounterexampleMessage | undefined {
  const steps = fieldOf(value, 'steps')
  const isOne =
    TEXTS.every((name) => typeof fieldOf(value, name) === 'string') &&
    isTextOrNone(fieldOf(value, 'difference')) &&
    Array.isArray(steps) &&
    steps.length > 0 &&
    steps.every(isStep)
  // Its parts have just been looked at.
  return isOne ? (value as CounterexampleMessage) : undefined
}

function isStep(step: unknown): step is CounterexampleStep {
  return (
    (['told', 'at', 'twinAt'] as const).every((name) => typeof fieldOf(step, name) === 'string') &&
    isTextOrNone(fieldOf(step, 'twinTold')) &&
    typeof fieldOf(step, 'interrupts') === 'boolean'
  )
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}
