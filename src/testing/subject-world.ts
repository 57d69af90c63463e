import type { AnyStateMachine } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { checkOptions } from './check-options.js'
import { checkVerified } from './check-verified.js'
import type { Place } from './in-module.js'
import type { SubjectOptions } from './options.js'
import { isInModule, type ServiceModule, type Verified, worldOf } from './subject.js'
import type { WorldOptions } from './world/world.js'

/** Functions of the author's, which would have to reach another process. */
const IN_THIS_PROCESS = ['invariants', 'key', 'earlier'] as const

/**
 * Runs with what worlds are made of for this service, wherever it lives, and cleans up.
 * @param run is given all options, those of the module too, and where the service is
 * @throws {InvalidOptionError} it is no service, or an option is unknown, or is not what it must be
 * @throws {UnverifiableError} it is to live in processes of its own, and they could not have it so
 */
export async function withWorld<
  TMachine extends AnyStateMachine,
  TOptions extends SubjectOptions<TMachine>,
  T,
>(
  verified: Verified<TMachine> | ServiceModule,
  given: TOptions,
  run: (world: WorldOptions, options: TOptions, place?: Place) => Promise<T>,
): Promise<T> {
  checkVerified(verified)
  checkOptions(given)
  if (!isInModule(verified)) {
    if (given.isolate === undefined) return run(worldOf(verified, given), given)
    throw new UnverifiableError(
      'The service',
      'a process of its own cannot be given an object of this one',
      "Say where it is exported: verifyInterruptions({ module: './order.js', export: 'order' }, …).",
    )
  }
  // Loaded where it is wanted, since it knows files.
  const { exportedAt, placeOf } = await import('./in-module.js')
  const place = placeOf(verified)
  const { definition, options: exported } = await exportedAt(place)
  // Which mode's they are is known to the module, and so are the types of its machine.
  const options = { ...exported, ...given } as TOptions
  checkOptions(options)
  // Nor is it known here of which machine the module's definition is.
  const world = worldOf(definition as unknown as Verified<TMachine>, options)
  if (options.isolate === undefined) return run(world, options, place)
  // By names, of which not every mode has each.
  const all = options as object as { readonly [name: string]: unknown }
  const cannot = IN_THIS_PROCESS.find((name) => all[name] !== undefined)
  if (cannot !== undefined) {
    throw new UnverifiableError(
      `The option \`${cannot}\``,
      'it is in this process, and the service in another',
      "Leave it out, or `isolate: 'process'`.",
      { service: definition.id },
    )
  }
  const { isolated } = await import('./isolate/isolated.js')
  const { module, export: name } = place
  // Drivers of one machine are drivers of any.
  const { actors = {} } = options as SubjectOptions
  const processes = await isolated({ module, export: name, actors })
  try {
    return await run({ ...world, process: processes.process }, options, place)
  } finally {
    await processes.close()
  }
}
