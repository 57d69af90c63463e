import { clearLine, cursorTo } from 'node:readline'
import { tryPeek } from '../checkpoint/peek.js'
import type { StoreReader } from '../ports/store.js'
import type { Service } from '../runtime/service.js'
import { progressText } from '../task/progress-text.js'
import { due, printable, shorten } from './format.js'
import type { Output } from './output.js'

const EVERY_MS = 500

/** One line of a terminal with what is durable: sequence, next timer, the progress of tasks. */
export class LiveLine {
  #timer: NodeJS.Timeout | undefined
  #text = ''
  readonly #leave = () => this.clear()

  constructor(
    private readonly service: Service,
    private readonly reader: StoreReader,
    private readonly output: Output,
  ) {}

  begin(): void {
    this.#timer = setInterval(() => void this.#read(), EVERY_MS)
    this.#timer.unref()
    // After a signal it is the host that ends the process.
    process.once('exit', this.#leave)
    void this.#read()
  }

  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    process.off('exit', this.#leave)
    this.clear()
  }

  clear(): void {
    cursorTo(process.stdout, 0)
    clearLine(process.stdout, 0)
  }

  draw(): void {
    if (this.#timer === undefined) return
    const width = (process.stdout.columns ?? 80) - 1
    this.clear()
    process.stdout.write(this.output.colors.dim(shorten(this.#text, width)))
  }

  async #read(): Promise<void> {
    try {
      const stored = await this.reader.load(this.service.key)
      if (stored === undefined) return
      const seen = tryPeek(stored)
      if (!('record' in seen)) return
      const { sequence, wakeAtMs } = stored
      const tasks = (seen.record.root.children ?? []).map(({ id, snapshot }) => {
        const text = progressText(snapshot.progress, snapshot.input)
        return text === '' ? '' : `${id} ${text}`
      })
      const timer = wakeAtMs === undefined ? '' : `next timer ${due(wakeAtMs, Date.now())}`
      this.#text = printable([`sequence ${sequence}`, timer, ...tasks].filter(Boolean).join(' · '))
      this.draw()
    } catch {
      // The reader was closed: the command is about to end.
    }
  }
}
