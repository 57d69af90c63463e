import {
  aFunction,
  be,
  checkOptions,
  hasMethods,
  isObject,
  type OptionCheck,
} from '../../errors/option-checks.js'
import { hearLines, LONGEST_LINE } from './lines.js'
import { quoted } from './message.js'

const CHECKS: Readonly<Record<keyof JsonLines, OptionCheck>> = {
  input: be(
    'what comes in pieces, such as process.stdin',
    (value) => isObject(value) && Symbol.asyncIterator in value,
  ),
  write: aFunction,
}

const TOO_LONG = `A line has ${LONGEST_LINE} characters at most.`

const PORT_CHECKS = {
  port: be('a port of the web, such as a MessagePort or a BroadcastChannel', (value) =>
    hasMethods(value, 'addEventListener', 'postMessage'),
  ),
}

/** What an embedder is answered. */
export type EmbedderAnswer =
  /** Every service that the message concerns rests, durably: the platform may do now what it said. */
  | { readonly done: string }
  /** The message was not understood. */
  | { readonly refused: string; readonly reason: string }

/** A way to speak with what embeds this JavaScript. */
export interface EmbedderPort {
  /**
   * Begins to hear messages: objects, or texts of JSON; `gone` is told once where the port knows that no more will come,
   * since the embedder has ended. Gives what ends that. A port that gives `hear` an `answer` beside a message has that one told of it.
   */
  listen(
    hear: (message: unknown, answer?: (answer: EmbedderAnswer) => void) => void,
    gone: () => void,
  ): () => void
  answer(answer: EmbedderAnswer): void
}

/** A port of the web (`MessagePort`, a worker's own scope, the window of a web view), as far as this library uses it. */
export interface MessagePortLike {
  postMessage(message: unknown): void
  addEventListener(type: 'message', hear: (event: { readonly data: unknown }) => void): void
  removeEventListener(type: 'message', hear: (event: { readonly data: unknown }) => void): void
  /** A `MessagePort` waits for it. */
  start?(): void
}

/**
 * Speaks over a port of the web.
 * @throws {InvalidOptionError} the port is none
 *
 * @example
 * ```ts
 * // In a worker, whose page has made it under a name that no other tab has: the page tells it of its life.
 * const host = embedderHost(messagePort(new BroadcastChannel(self.name)))
 * ```
 */
export function messagePort(port: MessagePortLike): EmbedderPort {
  checkOptions('messagePort', { port }, PORT_CHECKS, ['port'])
  return {
    listen(hear) {
      const onMessage = ({ data }: { readonly data: unknown }) => hear(data)
      port.addEventListener('message', onMessage)
      port.start?.()
      return () => port.removeEventListener('message', onMessage)
    },
    answer: (answer) => port.postMessage(answer),
  }
}

/** Lines of JSON, as between processes: what comes, such as `process.stdin`, and how to write. */
export interface JsonLines {
  /** In pieces of any size. One that keeps its process, as `process.stdin` does, keeps it while a supervisor hears it. */
  readonly input: AsyncIterable<string | Uint8Array>
  /** Writes a text that ends with a line's end. */
  readonly write: (line: string) => void
}

/**
 * Speaks in lines of JSON. The end of the input is a word as well: the embedder has ended, and all comes to rest. What comes while nobody
 * listens, as between one `createSupervisor` that was refused the store and the next, waits. Where several supervisors hear one input, a line is
 * answered when the services of all of them rest, once over each `write`: give those that share an output the same.
 * @throws {InvalidOptionError} `input` or `write` is missing or not what it must be
 *
 * @example
 * ```ts
 * const host = embedderHost(jsonLines({ input: process.stdin, write: (line) => process.stdout.write(line) }))
 * ```
 */
export function jsonLines(lines: JsonLines): EmbedderPort {
  checkOptions('jsonLines', lines, CHECKS, ['input', 'write'])
  const { input, write } = lines
  const lineOf = (answer: EmbedderAnswer) => `${JSON.stringify(answer)}\n`
  return {
    listen(hear, gone) {
      const hearLine = (line: string, answer: (line: string) => void) => {
        const told = (answered: EmbedderAnswer) => answer(lineOf(answered))
        if (line.length > LONGEST_LINE) told({ refused: quoted(line), reason: TOO_LONG })
        else if (line.trim() !== '') hear(line, told)
      }
      return hearLines(input, { hear: hearLine, write, gone })
    },
    answer: (answer) => write(lineOf(answer)),
  }
}
