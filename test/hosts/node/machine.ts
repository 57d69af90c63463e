import type { World } from '../../../src/hosts/node/world.js'
import { ManualClock } from '../../kit/clock.js'

/** A machine that holds the files it is given, and notes which programs ran and what people were told. */
export function machine(files: Record<string, string> = {}, env: Record<string, string> = {}) {
  const clock = new ManualClock()
  const ran: string[] = []
  const warnings: string[] = []
  let failing: Error | undefined
  const world: World = {
    clock,
    stay: (run, forMs) => void clock.setTimer(run, forMs),
    env,
    pid: 17,
    read: (path) => files[path],
    run: async (program, args) => {
      ran.push([program, ...args].join(' '))
      if (failing !== undefined) throw failing
    },
    warn: (message) => void warnings.push(message),
  }
  const fail = (error: Error) => {
    failing = error
  }
  return { world, clock, files, ran, warnings, fail }
}
