import { matchesState, type StateValue } from 'xstate'
import { carryOut } from '../../control/answer.js'
import type { Supervisor } from '../../runtime/supervisor.js'
import { type Shown, shown } from '../shown.js'
import type { ControlCommand } from '../stream/message.js'

/** Carries out what a page asks of this process. */
export function controlsOf(supervisor: Supervisor): (command: ControlCommand) => Promise<Shown> {
  return async (command) => {
    if (command.type === 'crash') return crash()
    if (command.type === 'interruptAt') return interruptAt(supervisor, command.key, command.state)
    const result = await carryOut(supervisor, command)
    return shown(result, 'result', (value) => value)
  }
}

/** The end of this process without a word to anybody, as by kill -9. */
function crash(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('The process goes on after SIGKILL.')
}

async function interruptAt(supervisor: Supervisor, key: string, state: string): Promise<Shown> {
  const service = await supervisor.get(key)
  const wanted = stateValueOf(state)
  service.machine.subscribe((snapshot) => {
    if (matchesState(wanted, snapshot.value)) crash()
  })
  return { key, state }
}

/** `a.b` as the value of a state: `{ a: 'b' }`. */
function stateValueOf(state: string): StateValue {
  const at = state.indexOf('.')
  return at === -1 ? state : { [state.slice(0, at)]: stateValueOf(state.slice(at + 1)) }
}
