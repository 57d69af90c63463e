import type { AnyStateMachine } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { checkOptions } from './check-options.js'
import type { SubjectOptions } from './options.js'
import { isInModule, type ServiceModule, type Verified, worldOf } from './subject.js'
import type { WorldOptions } from './world/world.js'

/** Functions of the author's, which would have to reach another process. */
const IN_THIS_PROCESS = ['invariants', 'key', 'earlier'] as const

/**
 * Runs with what worlds are made of for this service, wherever it lives, and cleans up.
 * @throws {InvalidOptionError} an option is unknown, or is not what it must be
 * @throws {UnverifiableError} it is to live in processes of its own, and they could not have it so
 */
export async function withWorld<TMachine extends AnyStateMachine, T>(
  verified: Verified<TMachine> | ServiceModule,
  options: SubjectOptions<TMachine>,
  run: (world: WorldOptions) => Promise<T>,
): Promise<T> {
  checkOptions(options)
  const { isolate } = options
  if (!isInModule(verified)) {
    if (isolate === undefined) return run(worldOf(verified, options))
    throw new UnverifiableError(
      'The service',
      'a process of its own cannot be given an object of this one',
      "Say where it is exported: verifyInterruptions({ module: './order.js', export: 'order' }, …).",
    )
  }
  // Loaded where it is wanted, since it knows processes and files.
  const { definitionIn, pathOf } = await import('./isolate/definition-in.js')
  const module = pathOf(verified.module)
  const definition = await definitionIn(module, verified.export)
  // Its machine's types are known to its module.
  const world = worldOf(definition as unknown as Verified<TMachine>, options)
  if (isolate === undefined) return run(world)
  const given = options as { readonly [name: string]: unknown }
  const cannot = IN_THIS_PROCESS.find((name) => given[name] !== undefined)
  if (cannot !== undefined) {
    throw new UnverifiableError(
      `The option \`${cannot}\``,
      'it is in this process, and the service in another',
      "Leave it out, or `isolate: 'process'`.",
      { service: definition.id },
    )
  }
  const { isolated } = await import('./isolate/isolated.js')
  const processes = await isolated({ module, export: verified.export, actors: options.actors ?? {} })
  try {
    return await run({ ...world, process: processes.process })
  } finally {
    await processes.close()
  }
}
