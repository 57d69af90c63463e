import { chaosMutants } from './list/chaos.js'
import { checkpointMutants } from './list/checkpoint.js'
import { inspectMutants } from './list/inspect.js'
import { lifecycleMutants } from './list/lifecycle.js'
import { runtimeMutants } from './list/runtime.js'
import { storeMutants } from './list/stores.js'
import { testingMutants } from './list/testing.js'
import { treeMutants } from './list/tree.js'
import type { Mutant } from './mutant.js'

/** Every planted mutant, in the order of the rooms, the kit's own and the inspector's last. */
export const mutants: readonly Mutant[] = [
  ...runtimeMutants,
  ...chaosMutants,
  ...lifecycleMutants,
  ...treeMutants,
  ...checkpointMutants,
  ...storeMutants,
  ...testingMutants,
  ...inspectMutants,
]
