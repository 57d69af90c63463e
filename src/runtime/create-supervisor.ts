import { checkOptions } from '../errors/option-checks.js'
import { chaosByEnvironment } from './chaos.js'
import { systemClock } from './clock.js'
import { EarlyEnd } from './early-end.js'
import { failWhenLost } from './fail-when-lost.js'
import { Hosts } from './hosts.js'
import { type Inspection, readyInspection } from './inspection.js'
import { checkGlobals } from './needed-globals.js'
import { Supervisor } from './supervisor.js'
import { SUPERVISOR_CHECKS } from './supervisor-checks.js'
import type { SupervisorOptions } from './supervisor-options.js'
import { claimStore, type TypedClaim } from './typed-claim.js'

/**
 * Sets up the hosts, claims the store and makes a supervisor.
 * @throws {StoreLockedError} another process holds the store; and the store's other errors, as a
 * `StoreFailedError` where they are none of this library's
 * @throws {PortInUseError} `inspect` names a port that is taken
 * @throws {InvalidOptionError} there is no store, an option is unknown or is not what it must be, and neither is TARDIGRADE_CHAOS of the environment
 * @throws {MissingFeatureError} the engine lacks globals that are needed everywhere, which it names
 * @throws {HostFailedError} a host could not be set up; the store was not claimed
 * @throws {SupervisorClosedError} the platform came to its end while the store was waited for
 */
export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  checkGlobals()
  checkOptions('createSupervisor', options, SUPERVISOR_CHECKS, ['store'])
  const open = await readyInspection(options)
  return supervise(options, async () => open())
}

/** The same for whoever looks on in a way of their own. */
export async function supervise(
  options: SupervisorOptions,
  open: () => Promise<Inspection | undefined>,
): Promise<Supervisor> {
  const chaos = options.chaos ?? chaosByEnvironment()
  const hosts = new Hosts()
  const early = new EarlyEnd(options.clock ?? systemClock)
  let claim: TypedClaim | undefined
  let inspection: Inspection | undefined
  let supervisor: Supervisor | undefined
  try {
    // Before the claim: who waits for a store hears its platform.
    const settingUp = hosts.setUp([options.host ?? []].flat(), async (told) => {
      await (supervisor === undefined ? early.ask(told?.deadlineMs) : supervisor.close(told))
    })
    await early.unless(settingUp)
    early.check()
    claim = await early.unless(claimStore(options.store, early), (late) => late.close())
    inspection = await open()
    early.check()
    supervisor = new Supervisor({ ...options, chaos }, claim, hosts, inspection)
    await inspection?.begin(supervisor, claim)
    failWhenLost(claim, () => hosts.holds.conductors())
    hosts.made()
    return supervisor
  } catch (error) {
    const giveBack = async () => {
      // What went wrong first is what is told.
      await (supervisor ?? claim)?.close().catch(() => {})
      await inspection?.close().catch(() => {})
    }
    await early.over(giveBack())
    await early.end(supervisor === undefined ? hosts.cleanUp() : Promise.resolve())
    // A host that ends the process keeps this for itself until then.
    if (supervisor === undefined) await hosts.stay()
    // One that does so as soon as it may does it before anybody hears of this.
    if (early.asked) await new Promise<void>((resolve) => systemClock.yieldThen(resolve))
    throw error
  }
}
