import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { InterruptionBugError, type Step, verifyInterruptions } from 'tardigrade/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { assign, fromPromise, setup } from 'xstate'
import { thrownBy } from '../testing/machines.js'
import { Canaries } from './canaries.js'

test('of fifty secrets in context, input, events and errors the log has the one in the message of the error that made a service fail', async () => {
  const told: unknown[] = []
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const spied = vi.spyOn(console, name).mockImplementation((...given) => void told.push(...given))
    onTestFinished(() => spied.mockRestore())
  }
  const canaries = new Canaries()
  const supervisor = await createSupervisor({ store: memoryStore() })
  await canaries.live(supervisor)
  await supervisor.close()
  expect(canaries.all).toHaveLength(50)
  // Its cause and its other fields have others.
  expect(told).toEqual([
    expect.stringMatching(/^broken broken: The effect “act” failed: Error: canary-\S+ Retry/),
  ])
  expect(canaries.in(told.join())).toHaveLength(1)
})

/** Secrets in its context, input and errors; and a bug, so that it is told. */
function leaky(secrets: readonly string[]) {
  const counts = new WeakMap<object, number>()
  return setup({
    types: { context: {} as { n: number; held: unknown }, events: {} as { type: 'ADD' } },
    actors: { fails: fromPromise(async () => secrets) },
  }).createMachine({
    id: 'leaky',
    context: ({ input }) => ({ n: 0, held: { input, secrets } }),
    invoke: { src: 'fails', id: 'fails', onError: { actions: assign({ held: ({ event }) => event.error }) } },
    on: {
      ADD: {
        actions: assign(({ self }) => {
          counts.set(self, (counts.get(self) ?? 0) + 1)
          return { n: counts.get(self) ?? 0 }
        }),
      },
    },
  })
}

test('a counterexample’s token, text and file in a corpus hold events, and none of the secrets elsewhere', async () => {
  const secrets = Array.from({ length: 50 }, (_, index) => `canary-${index}-${index * 7919}`)
  const corpus = mkdtempSync(join(tmpdir(), 'tardigrade-canaries-'))
  onTestFinished(() => rmSync(corpus, { recursive: true, force: true }))
  const bug = (await thrownBy(
    verifyInterruptions(leaky(secrets), {
      seed: 1,
      corpus,
      input: { secrets } as never,
      actors: { fails: { rejects: new Error(secrets.join(' ')), afterMs: 20 } },
    }),
  )) as InterruptionBugError<Step>
  expect(bug).toBeInstanceOf(InterruptionBugError)
  const plan = Buffer.from(bug.token.split('.')[1] ?? '', 'base64url').toString()
  expect(plan).toContain('ADD')
  const kept = readdirSync(corpus).map((name) => readFileSync(join(corpus, name), 'utf8'))
  expect(kept).toHaveLength(1)
  const all = [plan, bug.message, bug.diagram, ...kept].join()
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([])
})
