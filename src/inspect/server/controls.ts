import { carryOut } from '../../control/answer.js'
import { callControl } from '../../control/call.js'
import { OwnerGoneError } from '../../control/errors.js'
import { GuestEventError } from '../../errors/inspect.js'
import type { Supervisor } from '../../runtime/supervisor.js'
import type { Guests } from '../guests/guests.js'
import { type Shown, shown } from '../shown.js'
import type { ControlCommand } from '../stream/message.js'

/** Carries out what a page asks for, and tells what came of it when that is durable. */
export type Controls = (command: ControlCommand) => Promise<Shown>

/** Of a supervisor of this process. */
export function controlsOf(supervisor: Supervisor): Controls {
  return async (command) => shownWhole(await carryOut(supervisor, command, 'page'))
}

/** Of the process that owns the store in a folder, over its socket. */
export function controlsOfOwner(folder: string): Controls {
  return async (command) => {
    try {
      return shownWhole(await callControl(folder, command))
    } catch (error) {
      // It is what was asked for.
      if (command.type === 'crash' && error instanceof OwnerGoneError) return { crashed: true }
      throw error
    }
  }
}

/** The same; `armed` is told when a kill to come was asked for or taken back. */
export function noticing(controls: Controls, armed: () => void): Controls {
  return async (command) => {
    const result = await controls(command)
    if (command.type === 'interruptAt') armed()
    return result
  }
}

/** The same, and events for the actors of guests. */
export function withGuests(guests: Guests, controls: Controls): Controls {
  return async (command) => {
    const key = 'key' in command ? command.key : undefined
    if (key === undefined || !guests.has(key)) return controls(command)
    if (command.type !== 'send') throw new GuestEventError(key)
    const changed = await guests.send(key, command.event)
    if (changed === undefined) return { sent: true }
    return { sent: true, outcome: changed ? 'applied' : 'unchanged' }
  }
}

function shownWhole(result: unknown): Shown {
  return shown(result, 'result', (value) => value)
}
