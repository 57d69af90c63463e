/** How often it is looked whether who has started this process is there. */
const LOOK_EVERY_MS = 250

/** Who has started this process, seen before anything is told to anybody. */
const starter = process.ppid

/**
 * Resolves when somebody asks the process to end, which stays until then. npx gives a SIGTERM to the shell in which it runs a command and
 * not to the command: started by npm, one is asked as well by the end of the process that has started it.
 */
export function asked(): Promise<void> {
  return new Promise((resolve) => {
    const isOfNpm = process.env.npm_command !== undefined
    // A timer is also what keeps a process that only serves.
    const stays = setInterval(() => {
      if (isOfNpm && process.ppid !== starter) end()
    }, LOOK_EVERY_MS)
    const end = () => {
      clearInterval(stays)
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
  })
}
