import type { JSX } from 'preact'
import type { StepLine } from './step-lines.js'

/** A step of a counterexample as a line of the timeline, by the number that the terminal gives it. */
export function StepRow({ line }: { readonly line: StepLine }): JSX.Element {
  const { number, told, interrupts } = line
  return (
    <span class={`step${interrupts ? ' interrupts' : ''}`} title={told}>
      {number}. {told}
    </span>
  )
}
