import { type ErrorFacts, TardigradeError } from './base.js'

/** One whose remedy begins a line of its own where the problem is told in several. */
export abstract class ToldInLinesError extends TardigradeError {
  constructor(lines: string, remedy: string, facts: ErrorFacts) {
    super(lines, remedy, facts)
    const inOneLine = this.message
    if (lines.includes('\n')) this.message = `${lines}\n${remedy}`
    // It was begun with the message as it was.
    this.stack = `${this.stack}`.replace(inOneLine, () => this.message)
  }
}
