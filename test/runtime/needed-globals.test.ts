import { runInNewContext } from 'node:vm'
import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test, vi } from 'vitest'
import { NEEDED_GLOBALS } from '../../src/runtime/needed-globals.js'
import { bundle } from '../browser/kit/site.js'
import { pageOf } from '../docs/snippets.js'

/** An engine that an app embeds: the language, `console` and these of the platform's globals. */
async function ranIn(globals: readonly string[]): Promise<unknown> {
  const script = await bundle('engine.ts', { format: 'cjs' })
  const exports: { run?: () => Promise<unknown> } = {}
  const given = globals.map((name) => [name, Reflect.get(globalThis, name)])
  // A context of its own brings the language along, so `WeakRef` as well.
  runInNewContext(script, { console, exports, ...Object.fromEntries(given) })
  return exports.run?.()
}

test('an engine with the globals that are needed runs services, tasks and steps that are tried again', async () => {
  expect(await ranIn(NEEDED_GLOBALS)).toEqual({ value: 'done', context: { uploaded: 2 }, again: 'done' })
})

test('one without is told which it lacks, and what to do', async () => {
  await expect(ranIn(['clearTimeout', 'setTimeout'])).rejects.toMatchObject({
    code: 'MISSING_FEATURE',
    message: expect.stringContaining('no AbortController, performance, queueMicrotask.'),
    remedy: 'Define it on globalThis, as a polyfill does.',
  })
})

test.each(NEEDED_GLOBALS)('%s is asked for before the store is', async (name) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, name) ?? {}
  onTestFinished(() => void Object.defineProperty(globalThis, name, before))
  const claim = vi.fn()
  Reflect.deleteProperty(globalThis, name)
  const creating = createSupervisor({ store: { ...memoryStore(), claim } })
  Object.defineProperty(globalThis, name, before)
  await expect(creating).rejects.toMatchObject({ code: 'MISSING_FEATURE', feature: name })
  expect(claim).not.toHaveBeenCalled()
})

test('the documentation lists them', () => {
  const [, listed = ''] =
    /must have these globals: ([^.]+)\./.exec(pageOf('docs/platforms.md').replaceAll('\n', ' ')) ?? []
  expect([...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(NEEDED_GLOBALS)
})
