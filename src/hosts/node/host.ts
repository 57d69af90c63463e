import type { Host } from '../../ports/host.js'
import { described } from '../describe.js'
import type { Watch } from '../watch.js'
import { LOOK_AT_CLOCK_MS, watchSleep } from './asleep.js'
import { Ending } from './ending.js'
import { gracePeriodMs } from './grace.js'
import { LOOK_AT_MEMORY_MS, watchMemory } from './memory.js'
import { watchNotices } from './notices.js'
import { checkNodeOptions, type NodeHostOptions } from './options.js'
import { PRE_STOP_PATH, watchPreStop } from './pre-stop.js'
import { hear } from './process-events.js'
import { serviceManager } from './systemd.js'
import type { World } from './world.js'

/** A Node process as a host, on a machine. @throws {InvalidOptionError} an option is unknown, or is not what it must be */
export function nodeHostOn(world: World, options: NodeHostOptions): Host {
  checkNodeOptions(options)
  const { signals = ['SIGTERM', 'SIGINT', 'SIGHUP'], exit = true, systemd = true } = options
  const { lowMemory = 0.9, asleepMs = 10_000, preStop, notices } = options
  const deadlineMs = options.deadlineMs ?? gracePeriodMs(world.env)
  const watches: Watch[] = []
  if (lowMemory !== false) watches.push(watchMemory(lowMemory, world))
  if (asleepMs !== false) watches.push(watchSleep(asleepMs, world))
  return described(
    (sink) => {
      const manager = systemd ? serviceManager(world) : undefined
      const ending = new Ending(sink, world, deadlineMs, exit, (withinMs) => manager?.stopping(withinMs))
      // The options were checked: they name signals.
      const heard = signals.map((signal) => hear(signal, () => ending.onSignal(signal as NodeJS.Signals)))
      const uncaught = hear('uncaughtException', (error) => ending.onUncaught(error))
      const beforeExit = hear('beforeExit', () => ending.onBeforeExit())
      const ends = watches.map((watch) => watch(sink))
      const hook = preStop && watchPreStop(preStop, world, () => ending.foretold())
      if (notices !== undefined) {
        ends.push(watchNotices(notices, world, (notice) => void ending.foretold(notice.deadlineMs)))
      }
      void sink.ended?.then(() => ending.onEnded())
      void (sink.made ?? Promise.resolve()).then(() => manager?.ready())
      const forget = () => {
        // While the process ends, an error must not take its exit code away, its hook is asked again, and whoever comes a second time, or still
        // waits for a sign of life, must find what answers. In one that goes on, a later supervisor has all of that to itself.
        if (ending.begun && exit) return
        uncaught()
        hook?.end()
        for (const end of heard) end()
        manager?.end()
        ending.forget()
      }
      const cleanUp = (closed?: Promise<unknown>) => {
        for (const end of ends) end()
        beforeExit()
        // Who ends the process must wait until the store is given back.
        if (closed !== undefined) return void closed.then(forget, forget)
        forget()
      }
      return Object.assign(cleanUp, {
        ready: hook?.listening,
        stays: () => ending.unlessProcessEnds(),
      })
    },
    {
      platform: 'A Node process',
      tells: {
        'low-memory':
          lowMemory === false
            ? 'never: `lowMemory` is false'
            : `its control group (Linux) uses ${lowMemory * 100} % of its memory, waits for memory 10 % of the time, or is refused it; looked at every ${LOOK_AT_MEMORY_MS} ms`,
        frozen:
          asleepMs === false
            ? 'never: `asleepMs` is false'
            : `after the machine slept or the process stood still for ${asleepMs} ms, for a moment, as it goes on; looked at every ${LOOK_AT_CLOCK_MS} ms`,
        end: [
          [...signals, 'the end of all work (`beforeExit`)', 'an uncaught error'].join(', '),
          preStop && `\`GET ${PRE_STOP_PATH}\` on port ${preStop.port}`,
          notices && 'a notice of `notices`',
        ]
          .filter(Boolean)
          .join('; '),
      },
      silent: ['kill -9, the kernel out of memory, a power cut'],
      time: `${deadlineMs} ms, as the container’s grace period or \`deadlineMs\` says${signals.includes('SIGINT') ? '; a second SIGINT ends it at once' : ''}`,
    },
  )
}
