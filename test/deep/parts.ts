import { ext4Part } from './ext4/part.js'
import type { Part } from './part.js'
import { checkpointsPart } from './parts/checkpoints.js'
import { freezesPart } from './parts/freezes.js'
import { interruptionsPart, serviceCrashPart } from './parts/interruptions.js'
import { killsPart } from './parts/kills.js'
import { simulationPart } from './parts/simulation.js'
import { tracesPart } from './parts/traces.js'
import { sqliteCrashPoints } from './sqlite/crashes.js'
import { smallPowerCuts, sqlitePowerCuts } from './sqlite/power.js'
import { fileCrashPoints } from './stores/file-crashes.js'
import { filePowerCuts } from './stores/file-power.js'
import { tracedPart } from './traced/part.js'

/**
 * Every part, in lanes that run side by side, each in a thread of its own. The parts of a lane have their turn one
 * after another.
 */
export const LANES: readonly (readonly Part[])[] = [
  [killsPart, freezesPart, ext4Part, tracedPart],
  [interruptionsPart, simulationPart, tracesPart],
  [
    checkpointsPart,
    serviceCrashPart,
    { name: 'crash points of the file store', weight: 16, run: fileCrashPoints },
    { name: 'crash points of the SQLite store', weight: 2, run: sqliteCrashPoints },
    { name: 'power cuts of the file store', weight: 2, run: filePowerCuts },
    { name: 'power cuts of the SQLite store', weight: 1, run: sqlitePowerCuts },
    { name: 'power cuts of a SQLite store of small pages', weight: 1, run: smallPowerCuts },
  ],
]
