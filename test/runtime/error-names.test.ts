import * as library from 'tardigrade'
import { TardigradeError } from 'tardigrade'
import { expect, test } from 'vitest'
import * as control from '../../src/control/errors.js'
import * as cli from '../../src/errors/cli.js'
import * as contract from '../../src/errors/contract.js'
import * as inspect from '../../src/errors/inspect.js'
import * as testing from '../../src/errors/testing.js'

type ErrorClass = new (...args: readonly unknown[]) => TardigradeError
/** None that is tried is abstract. */
type Concrete = new (...args: readonly unknown[]) => TardigradeError & { code: string }

const all: readonly [string, unknown][] = Object.entries({
  ...library,
  ...control,
  ...cli,
  ...inspect,
  ...contract,
  ...testing,
})
// Those whose prototype is an error's are classes of errors.
const classes = all.filter(
  ([, value]) => typeof value === 'function' && value.prototype instanceof TardigradeError,
) as [string, ErrorClass][]

test('there are errors to look at', () => {
  expect(classes.length).toBeGreaterThan(40)
})

/** What some constructor takes: each of them its own. */
const ARGUMENTS: readonly (readonly unknown[])[] = [
  ['x', [], [], 'x'],
  [[], [], []],
  [[], 'value', 'x'],
  [{ name: 'x', message: 'x', atMs: 0 }],
  ['x', 1, 2, [], { kind: 'files' }],
  ['x', { steps: [], told: [] }],
  [1, 2, 'x', { steps: [], told: [] }],
  ['x', 'x', { steps: [], told: [] }],
  ['x', 'x', 'x', 'x', 'x'],
]

function made(ErrorOf: ErrorClass): TardigradeError {
  // As a bundler leaves it.
  const Short = class a extends (ErrorOf as Concrete) {}
  for (const given of ARGUMENTS) {
    try {
      return new Short(...given)
    } catch {
      // It takes others.
    }
  }
  throw new Error(`No arguments for ${ErrorOf.name}.`)
}

test.each(classes)('%s is called that by its code, whatever a bundler calls its class', (name, ErrorOf) => {
  const ofAnother: Readonly<Record<string, string>> = { NothingLeftError: 'ServiceEndedError' }
  expect(made(ErrorOf).name).toBe(ofAnother[name] ?? name)
})
