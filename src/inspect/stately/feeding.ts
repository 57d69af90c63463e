/// <reference lib="esnext.disposable" preserve="true" />
import type { TardigradeError } from '../../errors/base.js'
import { InspectionFailedError } from '../../errors/inspect.js'
import { systemClock } from '../../runtime/clock.js'
import { apart } from '../../xstate/apart.js'
import { Feed } from './feed.js'
import type { Line, LineListener } from './line.js'
import type { Note } from './notes.js'
import type { CommonOptions } from './options.js'
import type { StatelyInspector } from './stately-inspector.js'

/** An inspector that feeds the line that `open` opens, in the frames of one protocol. */
export async function feeding<Frame>(
  framesOf: (note: Note) => readonly Frame[],
  options: CommonOptions,
  open: (
    listener: LineListener,
  ) => Promise<{ readonly line: Line<Frame>; readonly address: string | undefined }>,
): Promise<StatelyInspector> {
  const { only = () => true, clock = systemClock, onWarning = warnOnConsole } = options
  const warned = (warning: TardigradeError) => void apart(() => onWarning(warning))
  const safely = keepingApart((cause) => warned(new InspectionFailedError({ cause })))
  const feed = new Feed(framesOf, options.label, clock, safely)
  const { line, address } = await open({ opened: () => safely(() => feed.introduce()), warned })
  feed.connect(line)
  let closing: Promise<void> | undefined
  const close = () => {
    if (closing === undefined) {
      safely(() => feed.end())
      closing = line.close()
    }
    return closing
  }
  return {
    inspect: (event, of) => {
      if (closing !== undefined) return
      safely(() => {
        if (only(of)) feed.observe(event, of)
      })
    },
    address,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Runs what must not harm the service in which it runs. The first thing that it throws is told. */
function keepingApart(thrown: (cause: unknown) => void): (run: () => void) => void {
  let told = false
  return (run) => {
    try {
      run()
    } catch (cause) {
      if (!told) thrown(cause)
      told = true
    }
  }
}

function warnOnConsole(warning: TardigradeError): void {
  console.warn(warning.message)
}
