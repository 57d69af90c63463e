import { Component, type ComponentChildren } from 'preact'
import { type Link, link } from './link.js'
import { store } from './session.js'

interface Failed {
  readonly why?: string
  /** When it was: as something else is looked at, or more has come, it is tried again. */
  readonly at?: Link
  readonly seen?: number
}

/** What cannot be shown says so in its own place, and hurts nothing beside it. */
export class Guarded extends Component<{ readonly children: ComponentChildren }, Failed> {
  override componentDidCatch(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    this.setState({ why, at: link.peek(), seen: store.peek().changed.peek() })
  }

  override render(): ComponentChildren {
    const { why, at, seen } = this.state
    if (why === undefined || at !== link.value || seen !== store.value.changed.value)
      return this.props.children
    return <span class="bad">This cannot be shown: {why}</span>
  }
}
