import * as library from 'tardigrade'
import { TardigradeError } from 'tardigrade'
import * as control from 'tardigrade/control'
import { expect, test } from 'vitest'
import * as cli from '../../src/errors/cli.js'
import * as inspect from '../../src/errors/inspect.js'
import * as testing from '../../src/errors/testing.js'

type ErrorClass = new (...args: readonly unknown[]) => TardigradeError

const all: readonly [string, unknown][] = Object.entries({
  ...library,
  ...control,
  ...cli,
  ...inspect,
  ...testing,
})
// Those whose prototype is an error's are classes of errors.
const classes = all.filter(
  ([, value]) => typeof value === 'function' && value.prototype instanceof TardigradeError,
) as [string, ErrorClass][]

test('there are errors to look at', () => {
  expect(classes.length).toBeGreaterThan(40)
})

test.each(classes)('%s is called that by its code, whatever a bundler calls its class', (name, ErrorOf) => {
  // As a bundler leaves it.
  const Short = class a extends (ErrorOf as new (
    ...args: readonly unknown[]
  ) => TardigradeError & { code: string }) {}
  const error = new Short('x', [], [], 'x')
  const ofAnother: Readonly<Record<string, string>> = { NothingLeftError: 'ServiceEndedError' }
  expect(error.name).toBe(ofAnother[name] ?? name)
  expect(error).toBeInstanceOf(ErrorOf)
})
