// A process with a service in it, which is told what to do line by line on its input, and tells on its fourth stream.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { sqliteStore } from '../../stores/sqlite.js'
import { exportedAt } from '../in-module.js'
import { worldOf } from '../subject.js'
import { mortalStore } from '../world/mortal-store.js'
import { OutsideWorld } from '../world/outside.js'
import { ServiceProcess } from '../world/service-process.js'
import {
  type Command,
  errorTold,
  lineOf,
  messageOf,
  type Order,
  type OutsideCall,
  type Told,
} from './messages.js'
import { ToldClock } from './told-clock.js'

const tell = (told: Told): void => void writeSync(3, lineOf(told))

/** Nothing happens here any more: whoever reads this kills the process. */
function die(): void {
  tell({ tells: 'death' })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** The outside as it was told, and told of everything that is new. */
class ToldOutside extends OutsideWorld {
  told = false

  override did(...args: Parameters<OutsideWorld['did']>): boolean {
    this.#tell('did', args)
    return super.did(...args)
  }

  override started(...args: Parameters<OutsideWorld['started']>): void {
    this.#tell('started', args)
    super.started(...args)
  }

  override turnOf(...args: Parameters<OutsideWorld['turnOf']>): number {
    this.#tell('turnOf', args)
    return super.turnOf(...args)
  }

  override answersAtMs(...args: Parameters<OutsideWorld['answersAtMs']>): number {
    this.#tell('answersAtMs', args)
    return super.answersAtMs(...args)
  }

  #tell(method: OutsideCall[0], args: readonly unknown[]): void {
    if (this.told) tell({ tells: 'outside', call: [method, ...args] })
  }
}

const clock = new ToldClock(tell)
const outside = new ToldOutside()
let process_: ServiceProcess | undefined
let begun: Extract<Command, { readonly do: 'begin' }> | undefined
let setFates: (order: Order) => void = () => {}

async function begin(command: Extract<Command, { readonly do: 'begin' }>, order: Order): Promise<void> {
  begun = command
  const { definition } = await exportedAt({ module: command.module, export: command.export })
  const { standIn } = worldOf(definition, command)
  // Each was called there with what it takes.
  for (const [method, ...args] of command.outside)
    (outside[method] as (...args: unknown[]) => unknown)(...args)
  outside.told = true
  outside.onDeath = die
  const store = mortalStore(sqliteStore(command.folder, { durability: 'process' }), command.commits)
  store.onCommit = (told) => tell({ tells: 'commit', told })
  store.onDeath = die
  setFates = ({ commitFates, effectFates }) => {
    store.fates = new Map(commitFates)
    outside.fates = effectFates
  }
  setFates(order)
  // As long as promise follows promise, no command is heard: one that never ends could not be told from outside.
  standIn.enter({ outside, process: { clock }, afterTurn: setImmediate })
  process_ = new ServiceProcess({
    clock: { process: () => clock, now: () => clock.now() },
    store,
    outside,
    asWritten: true,
  })
  await process_.begin(standIn.runs, command.input)
}

/** What the process answers to a command. */
async function perform(command: Command, order: Order): Promise<unknown> {
  if (command.do === 'begin') return begin(command, order)
  if (process_ === undefined || begun === undefined) throw new Error('the process has not begun')
  switch (command.do) {
    case 'send':
      // What refuses it may hold what no message can.
      await process_.send(command.event, command.key)
      return undefined
    case 'pause':
      return process_.pause(command.hold)
    case 'resume':
      return process_.resume(command.hold)
    case 'retry':
      return process_.retry(command.lastGood)
    case 'startAnew':
      return process_.startAnew(process_.service.definition, begun.input)
    case 'moveTimers':
      return process_.moveTimers(command.byMs)
    case 'fire':
      return clock.fire(command.timer)
    default:
      return process_[command.do]()
  }
}

function stateNow(process: ServiceProcess) {
  const { failure, lives } = process
  return { lives, failure: failure && errorTold(failure), seen: process.observe() }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  // Written by the other side.
  const order = messageOf(line) as Order
  clock.set(order.nowMs)
  setFates(order)
  perform(order.command, order).then(
    (result) => tell({ tells: 'answer', id: order.id, result, state: process_ && stateNow(process_) }),
    (error: unknown) =>
      tell({ tells: 'refusal', message: error instanceof Error ? error.message : String(error) }),
  )
})
