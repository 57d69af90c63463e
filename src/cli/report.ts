import type { StoreReader } from '../ports/store.js'
import type { Service } from '../runtime/service.js'
import { printable, whereText } from './format.js'
import { LiveLine } from './live-line.js'
import { type Output, toJson } from './output.js'
import { phaseColor } from './phase-text.js'

/** Tells what a running service does: a line a change, and on a terminal one line that is kept current. */
export class Report {
  readonly #line: LiveLine | undefined
  readonly #subscriptions: { unsubscribe(): void }[] = []
  #last = ''

  constructor(
    private readonly output: Output,
    private readonly service: Service,
    reader: StoreReader,
  ) {
    const live = output.outIsTerminal && !output.json
    this.#line = live ? new LiveLine(service, reader, output) : undefined
  }

  begin(folder: string): void {
    const { service, output } = this
    const { key, definition } = service
    if (output.json)
      this.#write({ type: 'ready', store: folder, pid: process.pid, version: definition.version })
    else
      output.out(
        output.colors.dim(
          `Store ${folder}, process ${process.pid}, service ${definition.id} ${printable(key)}.`,
        ),
      )
    const change = () => this.#change()
    this.#subscriptions.push(
      service.subscribe({ next: change, complete: change }),
      service.machine.subscribe({ next: change, complete: change, error: change }),
    )
    change()
    this.#line?.begin()
  }

  end(): void {
    this.#change()
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    this.#line?.end()
  }

  /** Tells the service's phase and the machine's state, when either is another than the one told last. */
  #change(): void {
    const { value: phase, context } = this.service.getSnapshot()
    const { state, status } = machineOf(this.service)
    const facts = { phase, holds: context.holds, state, status }
    const text = toJson(facts)
    if (text === this.#last) return
    this.#last = text
    if (this.output.json) {
      this.#write({ type: 'state', ...facts })
      return
    }
    this.#line?.clear()
    this.output.out(`${phaseColor(this.output, phase, phase)}${printable(whereText(state, context.holds))}`)
    this.#line?.draw()
  }

  #write(facts: Readonly<Record<string, unknown>>): void {
    const { key, definition } = this.service
    this.output.out(toJson({ atMs: Date.now(), service: definition.id, key, ...facts }))
  }
}

function machineOf(service: Service): { readonly state?: unknown; readonly status?: string } {
  try {
    const { value, status } = service.machine.getSnapshot()
    return { state: value, status }
  } catch {
    // Not revived: there is no machine to show.
    return {}
  }
}
