import { expect, test } from 'vitest'
import { cases } from './part.js'
import { checkpointsPart } from './parts/checkpoints.js'
import { interruptionsPart, serviceCrashPart } from './parts/interruptions.js'
import { simulationPart } from './parts/simulation.js'
import { sqliteCrashPoints } from './sqlite/crashes.js'
import { smallPowerCuts, sqlitePowerCuts } from './sqlite/power.js'
import { fileCrashPoints } from './stores/file-crashes.js'
import { filePowerCuts } from './stores/file-power.js'

/** Always the same cases, so that a failure is the change's that it comes with; `npm run test:deep` looks for new ones. */
const seed = Number(process.env.DEEP_SEED ?? 1)

test.each([
  ['simulations of the stack', simulationPart.run, 25],
  ['interruptions by chance', interruptionsPart.run, 300],
  ['crash points of services', serviceCrashPart.run, 200],
  ['hostile checkpoints', checkpointsPart.run, 1500],
  ['crash points of the file store', fileCrashPoints, 600],
  ['crash points of the SQLite store', sqliteCrashPoints, 150],
  ['power cuts of the file store', filePowerCuts, 3000],
  ['power cuts of the SQLite store', sqlitePowerCuts, 250],
  ['power cuts of a SQLite store of small pages', smallPowerCuts, 400],
] as const)('%s', async (_, part, limit) => {
  const { violations } = await part(cases(limit, seed))
  expect(violations).toEqual([])
})
