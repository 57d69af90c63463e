import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AbortController as AbortControllerOfReactNative } from 'abort-controller'
import { createSupervisor, defineService, task } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { assign, setup, waitFor } from 'xstate'
import { bundle } from '../browser/kit/site.js'
import { programOf } from './hermes/program.js'

/** Hermes’ compiler, which React Native runs at every build of an app: `hermes-compiler` brings it for these. */
const compiler = () => programOf('hermes-compiler', 'hermesc', 'hermesc')

/**
 * What React Native has beside what its compiler knows (https://reactnative.dev/docs/javascript-environment): nothing goes in here that an
 * app of React Native 0.76 lacks. What is asked for with `typeof` before it is used the compiler does not tell.
 */
const THERE = [
  'AbortController',
  'Promise',
  'URL',
  'WeakRef',
  'clearTimeout',
  'console',
  'exports',
  'performance',
  'queueMicrotask',
  'setTimeout',
]

/** Compiles a script in strict mode, where the compiler tells every variable that nobody declares. */
function compiled(script: string): { errors: string[]; undeclared: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'hermes-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'app.js')
  writeFileSync(file, `'use strict';${script}`)
  // It tells all on its error stream, and ends with 2 where there are errors.
  const { stderr } = spawnSync(compiler(), ['-emit-binary', '-out', `${file}.hbc`, file], {
    encoding: 'utf8',
  })
  const found = (pattern: RegExp) =>
    [...new Set([...stderr.matchAll(pattern)].map(([, name = '']) => name))].sort()
  return {
    errors: found(/ error: (.*)$/gm),
    undeclared: found(/warning: the variable "([^"]+)" was not declared/g),
  }
}

describe('Hermes', () => {
  test('compiles what an app of React Native has of this library, and knows all that it names', async () => {
    const script = await bundle('phone.ts', { format: 'cjs', target: 'es2017' })
    const { errors, undeclared } = compiled(script)
    expect(errors).toEqual([])
    expect(undeclared).toEqual(THERE)
  })

  test('and its compiler tells what it does not know', () => {
    expect(compiled('structuredClone({})')).toEqual({ errors: [], undeclared: ['structuredClone'] })
    expect(compiled('async function* f() {}').errors).toEqual(['async generators are unsupported'])
  })
})

/** The globals of an app of React Native 0.76, as far as they differ. */
function asReactNative(): void {
  vi.stubGlobal('AbortController', AbortControllerOfReactNative)
  vi.stubGlobal('FinalizationRegistry', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())
  expect(Reflect.get(new AbortController().signal, 'throwIfAborted')).toBeUndefined()
}

test('a task runs its steps and rests where signals have no reasons and nobody hears of what was collected', async () => {
  asReactNative()
  let tries = 0
  const work = task(async ({ step, interruption }) => {
    const first = await step(
      'first',
      () => {
        tries++
        if (tries === 1) throw new Error('once')
        return 'a'
      },
      { retry: { retries: 1, minDelayMs: 0 } },
    )
    await step('waits', () => {
      if (tries > 2) return 'b'
      tries++
      const cutOff = Object.assign(new Error('cut off'), { name: 'AbortError' })
      return new Promise((_, reject) => interruption.addEventListener('abort', () => reject(cutOff)))
    })
    return `${first}, ${tries} tries`
  })
  const definition = defineService({
    id: 'phone',
    version: 1,
    machine: setup({ actors: { work }, types: { context: {} as { told: unknown } } }).createMachine({
      context: { told: undefined },
      initial: 'works',
      states: {
        works: {
          invoke: {
            src: 'work',
            onDone: { target: 'done', actions: assign({ told: ({ event }) => event.output }) },
          },
        },
        done: { type: 'final' },
      },
    }),
  })
  const supervisor = await createSupervisor({ store: memoryStore() })
  onTestFinished(() => supervisor.close().then(() => {}))
  const service = await supervisor.start(definition)
  await vi.waitFor(() => expect(tries).toBe(3))
  await service.pause()
  expect(service.getSnapshot().value).toBe('paused')
  await service.resume()
  await waitFor(service, ({ value }) => value === 'done')
  expect(service.machine.getSnapshot().context.told).toBe('a, 3 tries')
})

test('an error of its own is no interruption there, though neither it nor the signal says why', async () => {
  asReactNative()
  const work = task(
    ({ interruption }) =>
      new Promise((_, reject) => interruption.addEventListener('abort', () => reject(new Error('own')))),
  )
  const definition = defineService({
    id: 'phone',
    version: 1,
    machine: setup({ actors: { work } }).createMachine({
      initial: 'works',
      states: { works: { invoke: { src: 'work', onError: 'failed' } }, failed: {} },
    }),
  })
  const supervisor = await createSupervisor({ store: memoryStore() })
  onTestFinished(() => supervisor.close().then(() => {}))
  const service = await supervisor.start(definition)
  await service.pause()
  expect(service.machine.getSnapshot().value).toBe('failed')
})
