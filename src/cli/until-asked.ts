/** Longer than anybody waits; a timer is what keeps a process that only serves. */
const LONG_MS = 2 ** 30

/** Resolves when somebody asks the process to end, which stays until then. */
export function asked(): Promise<void> {
  return new Promise((resolve) => {
    const stays = setInterval(() => {}, LONG_MS)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        clearInterval(stays)
        resolve()
      })
    }
  })
}
