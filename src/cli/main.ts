#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { carryOut } from './carry-out.js'
import { processOutput, tolerateClosedPipes } from './output.js'

/** From dist/src/cli to the package's own folder. */
const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : ''

tolerateClosedPipes()
const exitCode = await carryOut(String(version), process.argv.slice(2), processOutput)
// Whatever the module of `run` left open must not keep the process; what was written comes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
