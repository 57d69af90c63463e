import type { Participant } from '../world/world.js'

const NAMES: Readonly<Record<Participant, string>> = {
  you: 'you',
  service: 'service',
  store: 'store',
  outside: 'outside',
}

/** Mermaid takes `;` for the end of a line and `#` for the beginning of a character's code. */
function told(text: string): string {
  return text.replace(/[#;]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, ' ')
}

/** What happened, as a Mermaid sequence diagram. */
export class Diagram {
  readonly #lines: string[] = []

  constructor(private readonly service: string) {}

  /** Hears of something. */
  readonly listen = (from: Participant, to: Participant, text: string): void => {
    if (from !== to) this.#lines.push(`  ${from}->>${to}: ${told(text)}`)
    else if (from === 'you') this.#lines.push(`  Note over you,outside: ${told(text)}`)
    else this.note(text)
  }

  note(text: string): void {
    this.#lines.push(`  Note over service: ${told(text)}`)
  }

  /** All that was heard, one to a line. */
  get lines(): readonly string[] {
    return this.#lines
  }

  toString(): string {
    const names = Object.entries({ ...NAMES, service: told(this.service) })
    return [
      'sequenceDiagram',
      ...names.map(([id, name]) => `  participant ${id} as ${name}`),
      ...this.#lines,
    ].join('\n')
  }
}
