import {
  checkOptions,
  hasMethods,
  milliseconds,
  type OptionCheck,
  shown,
} from '../../errors/option-checks.js'
import { InvalidOptionError } from '../../errors/options.js'
import type { Host, HostSink } from '../../ports/host.js'
import { described } from '../describe.js'
import { DEFAULT_DEADLINE_MS, ending } from '../ending.js'
import { quietly } from '../held.js'
import { momentary } from '../momentary.js'
import { isAnswer, quoted, readMessage, type Understood } from './message.js'
import type { EmbedderPort } from './port.js'

export type { EmbedderMessage } from './message.js'
export {
  type EmbedderAnswer,
  type EmbedderPort,
  type JsonLines,
  jsonLines,
  type MessagePortLike,
  messagePort,
} from './port.js'
export { type Meaning, WORDS } from './words.js'

export interface EmbedderHostOptions {
  /** How long `low-memory` holds after a warning, in ms, since platforms do not tell its end. Default 30,000. */
  readonly lowMemoryMs?: number
}

const CHECKS: Readonly<Record<keyof EmbedderHostOptions, OptionCheck>> = { lowMemoryMs: milliseconds }

/**
 * Whatever embeds this JavaScript as a host: an app of Flutter, Android or iOS with a web view or an engine, a page with a worker.
 * It says the words of its platform's lifecycle (`{ "lifecycle": "paused" }`), or what is meant (`{ "interrupt": "offline" }`,
 * `{ "release": "offline" }`, `{ "shutdown": true, "deadlineMs": 500 }`), and is answered `{ "done": … }` when every service that
 * this concerns rests durably. A message that is not understood is answered `{ "refused": …, "reason": … }`, and changes nothing.
 * Answers are never answered: on a channel that several share they are heard by all.
 * @throws {InvalidOptionError} the port is none, an option is unknown, or is not what it must be
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store, host: embedderHost(messagePort(port)) })
 * ```
 */
export function embedderHost(port: EmbedderPort, options: EmbedderHostOptions = {}): Host {
  checkPort(port)
  checkOptions('embedderHost', options, CHECKS)
  const { lowMemoryMs = 30_000 } = options
  return described(
    (sink) => {
      const ended = { ...sink, shutdown: ending(sink) }
      const lowMemory = momentary(sink, 'low-memory', lowMemoryMs)
      /** What the next word ends. */
      let passing: string | undefined
      /** What whoever began it releases by its name: no next word ends that. */
      const lasting = new Set<string>()
      const obey = async (understood: Understood) => {
        const telling = tell(ended, understood, lowMemory.begin)
        const { meaning, isWord } = understood
        if ('interrupt' in meaning && !meaning.untilNext) lasting.add(meaning.interrupt)
        if ('release' in meaning) lasting.delete(meaning.release)
        if (isWord) {
          const over = passing
          passing = 'interrupt' in meaning && meaning.untilNext ? meaning.interrupt : undefined
          // After what comes next is in force: nothing begins in between.
          if (over !== undefined && passing === undefined && !lasting.has(over)) await sink.release(over)
        }
        await telling
      }
      const hear: Parameters<EmbedderPort['listen']>[0] = (message, answer = (told) => port.answer(told)) => {
        if (isAnswer(message)) return
        const text = quoted(message)
        const refuse = (error: unknown) =>
          answer({ refused: text, reason: error instanceof Error ? error.message : String(error) })
        let understood: Understood
        try {
          understood = readMessage(message)
        } catch (error) {
          refuse(error)
          return
        }
        // What cannot come to rest has failed, and says so itself.
        const told = () => answer({ done: text })
        quietly(obey(understood).then(told, told))
      }
      // Nobody is left to give a time, nor to end what hangs.
      const gone = () => quietly(ended.shutdown({ deadlineMs: DEFAULT_DEADLINE_MS }))
      const end = port.listen(hear, gone)
      return () => {
        end()
        lowMemory.end()
      }
    },
    {
      platform: 'What embeds this JavaScript',
      tells: {
        background:
          'a word that says so: Flutter’s `hidden`, Android’s `onStop`, Apple’s `didEnterBackground`',
        frozen:
          'the web’s `freeze`, until its `resume`; its `frozen`, until the next word, unless a `freeze` holds as well',
        'low-memory': `Android’s \`onTrimMemory\`, Apple’s \`didReceiveMemoryWarning\`; held for ${lowMemoryMs} ms`,
        'any of yours': '`{ "interrupt": NAME }`, until `{ "release": NAME }`',
        end: 'Flutter’s `detached`, Android’s `onDestroy`, Apple’s `willTerminate`, `{ "shutdown": true }`; the end of the input of `jsonLines`',
      },
      silent: ['whatever the embedder does not pass on', 'its own end by the system'],
      time: `as long as the embedder waits for the answer; it may give a \`deadlineMs\`, also later: the earliest counts; ${DEFAULT_DEADLINE_MS} ms after the end of the input`,
    },
  )
}

function checkPort(port: unknown): void {
  if (hasMethods(port, 'listen', 'answer')) return
  const expected = 'messagePort(port) of a port of the web, or jsonLines({ input, write }) of a stream'
  throw new InvalidOptionError('port', shown(port), expected)
}

async function tell(
  sink: HostSink,
  { meaning, deadlineMs }: Understood,
  beginLowMemory: () => void,
): Promise<void> {
  const options = deadlineMs === undefined ? {} : { deadlineMs }
  if ('interrupt' in meaning) await sink.interrupt(meaning.interrupt, options)
  if ('release' in meaning) await sink.release(meaning.release)
  if ('shutdown' in meaning) await sink.shutdown(options)
  if ('moment' in meaning) beginLowMemory()
}
