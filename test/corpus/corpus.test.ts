import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { mutants } from '../mutants/mutants.js'
import { found } from './found.js'
import { subjects } from './subjects.js'

const folder = join(import.meta.dirname, 'plans')
const files = readdirSync(folder)
const TOKEN = /tardigrade-plan-\d+\.[\w-]+/
const mutantOf = (file: string) => file.slice(0, file.indexOf('.'))

describe('what the proof found', () => {
  test.each(found)('$fault: a planted mistake brings it back', ({ mutant }) => {
    expect(mutants.map(({ name }) => name)).toContain(mutant)
  })

  test('each is there once', () => {
    expect(new Set(found.map(({ mutant }) => mutant)).size).toBe(found.length)
  })
})

describe('the plans by which the kit found a mistake in the core', () => {
  test('are named after the mistake and the service', () => {
    for (const file of files) {
      expect(mutants.map(({ name }) => name)).toContain(mutantOf(file))
      expect(subjects.map(({ service }) => `${mutantOf(file)}.${service.id}.txt`)).toContain(file)
      expect(readFileSync(join(folder, file), 'utf8')).toMatch(TOKEN)
    }
  })

  const ownOf = (id: string) => files.filter((file) => file.endsWith(`.${id}.txt`))
  const met = subjects.filter(({ service }) => ownOf(service.id).length > 0)

  test.each(met)('of $service.id: none finds one', async ({ service, actors }) => {
    let plans = 0
    await verifyInterruptions(service, { actors, corpus: folder, runs: 1, onPlan: () => void plans++ })
    // Two mistakes may have been found by one plan.
    const tokens = new Set(
      ownOf(service.id).map((file) => TOKEN.exec(readFileSync(join(folder, file), 'utf8'))?.[0]),
    )
    expect(plans).toBeGreaterThan(tokens.size)
  })
})
