import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { formatOf, reviveRecord, writeRecord } from './record.js'
import type { Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'
import { type GoldenStore, STORES } from './stores.js'
import { recordsOf, versionsIn } from './versions.js'

/** Whatever was released loads for ever; whatever is written today looks like the newest that was released. */
const folder = import.meta.dirname
const versions = versionsIn(folder)
const newest = versions.at(-1) ?? ''
const all = versions.flatMap((version) => recordsOf(folder, version))
const CHANGED =
  'The format has changed: see “Golden records” in ARCHITECTURE.md. What is released is never overwritten.'

function scenarioOf(name: string): Scenario {
  const scenario = scenarios[name]
  if (scenario === undefined)
    throw new Error(`the golden record ${name} has lost its scenario, which must stay for ever`)
  return scenario
}

afterEach(() => void vi.restoreAllMocks())

describe.each(all)('the record $name of $version', ({ name, text, gives }) => {
  test('is read, revived and gone on from as on its first day', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    expect(await reviveRecord(scenarioOf(name), text)).toEqual(gives)
  })
})

const stores = versions.flatMap((version) =>
  Object.entries(STORES)
    .filter(([kind]) => existsSync(join(folder, version, kind)))
    .map(([kind, store]) => ({ version, kind, store })),
)

describe.each(stores)('the $kind of $version', ({ version, kind, store }) => {
  test('opens, tells all that it holds, and its service goes on', async () => {
    const gives: unknown = JSON.parse(readFileSync(join(folder, version, `${kind}.json`), 'utf8'))
    expect(await store.look(join(folder, version, kind))).toEqual(gives)
  })
})

describe('what is written today', () => {
  test.each(Object.entries(scenarios))('is the newest golden record: %s', async (name, scenario) => {
    const golden = all.find((record) => record.version === newest && record.name === name)
    const text = await writeRecord(scenario)
    expect(formatOf(text), CHANGED).toBe(formatOf(golden?.text ?? ''))
  })

  test.each<[string, GoldenStore]>(Object.entries(STORES))(
    'looks like the newest golden store: %s',
    async (kind, store) => {
      const today = join(temporaryFolder(), kind)
      await store.write(today)
      expect(await store.face(today), CHANGED).toEqual(await store.face(join(folder, newest, kind)))
    },
  )
})

test('the golden records cover what a checkpoint can hold', () => {
  const together = all
    .filter(({ version }) => version === newest)
    .map(({ text }) => text)
    .join('\n')
  const fields = [
    'holds',
    'timers',
    'inbox',
    'outbox',
    'eventKeys',
    'failure',
    'systemId',
    'syncSnapshot',
    'workKey',
  ]
  const more = ['historyValue', 'nodes', 'steps', 'progress', 'params', 'logic', 'referentialEqualities']
  expect([...fields, ...more].filter((field) => !together.includes(`"${field}"`))).toEqual([])
  const kinds = ['action', 'emit', 'log', 'deliver'].map((kind) => `"kind":"${kind}"`)
  const policies = ['deadline', 'remaining', 'restart'].map((policy) => `"policy":"${policy}"`)
  const phases = ['running', 'paused', 'stopped', 'failed', 'done'].map((phase) => `"phase":"${phase}"`)
  expect([...kinds, ...policies, ...phases].filter((part) => !together.includes(part))).toEqual([])
})
