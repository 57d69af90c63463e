import type { JSX } from 'preact'

/** A text whose code stands between backticks, as errors of the library have it. */
export function Coded({ text }: { readonly text: string }): JSX.Element {
  // Every second part stood between two of them.
  return (
    <>{text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 0 ? part : <code key={at}>{part}</code>))}</>
  )
}
