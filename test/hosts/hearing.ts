import type { HostSink } from 'tardigrade'

/** A sink that notes what it hears, each in a text; `shutdown` waits for `rests` where that is given. */
export function hearing(rests: Promise<void> = Promise.resolve()) {
  const heard: string[] = []
  const note = (...words: readonly (string | undefined)[]) => void heard.push(words.filter(Boolean).join(' '))
  const within = (options?: { readonly deadlineMs?: number }) =>
    options?.deadlineMs === undefined ? undefined : `within ${options.deadlineMs}`
  const sink: HostSink = {
    interrupt: async (name, options) => note('interrupt', name, within(options)),
    release: async (name) => note('release', name),
    shutdown: async (options) => {
      note('shutdown', within(options))
      await rests
    },
  }
  return { sink, heard }
}
