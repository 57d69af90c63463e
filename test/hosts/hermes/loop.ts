interface Timer {
  readonly id: number
  readonly dueMs: number
  readonly run: () => void
}

const microtasks: (() => void)[] = []
let timers: readonly Timer[] = []
let ids = 0
/** Time passes while everybody waits, and at no other time: what a test has to do in time must not hang on how slow the engine is. */
let nowMs = Date.now()

export const now = (): number => nowMs

function addTimer(run: () => void, delayMs = 0, id = ++ids): number {
  timers = [...timers, { id, dueMs: nowMs + delayMs, run }]
  return id
}

function clearTimer(id: unknown): void {
  timers = timers.filter((timer) => timer.id !== id)
}

function addInterval(run: () => void, everyMs: number): number {
  const again = (id?: number): number =>
    addTimer(
      () => {
        again(timer)
        run()
      },
      everyMs,
      id,
    )
  const timer = again()
  return timer
}

function soon(run: (...given: unknown[]) => void, ...given: unknown[]): void {
  microtasks.push(() => run(...given))
}

/** Timers of React Native, where `setImmediate` comes before the platform has its turn (https://reactnative.dev/docs/timers). */
export const timersOfReactNative = {
  setTimeout: addTimer,
  clearTimeout: clearTimer,
  setInterval: addInterval,
  clearInterval: clearTimer,
  setImmediate: soon,
  queueMicrotask: soon,
}

function runMicrotasks(): void {
  for (let run = microtasks.shift(); run !== undefined; run = microtasks.shift()) run()
}

/** Turn after turn, until it is over or nothing is left: the engine alone has none. */
export function runLoop(isOver: () => boolean): void {
  for (;;) {
    runMicrotasks()
    const next = [...timers].sort((a, b) => a.dueMs - b.dueMs)[0]
    if (next === undefined || isOver()) return
    nowMs = Math.max(nowMs, next.dueMs)
    clearTimer(next.id)
    next.run()
  }
}
