#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { exitCodeOf } from './exit-codes.js'
import { tellFailure } from './failure.js'
import { processOutput, tolerateClosedPipes } from './output.js'
import { createProgram } from './program.js'

/** From dist/src/cli to the package's own folder. */
const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''

tolerateClosedPipes()
let exitCode = 0
try {
  await createProgram(String(version), (code) => {
    exitCode = code
  }).parseAsync()
} catch (error) {
  // Commander may not have come as far as to read the options.
  tellFailure(processOutput(process.argv.includes('--json')), error)
  exitCode = exitCodeOf(error)
}
// Whatever the module of `run` left open must not keep the process; what was written comes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
