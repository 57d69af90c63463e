import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endOf, FATES, type Hunted } from './fate.js'
import { plant } from './mutant.js'
import { mutants } from './mutants.js'

/** The hunt itself takes minutes (`npm run test:mutants`); this keeps its list from rotting. */
const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('there are at least 40 planted mutants, each with a name of its own', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(40)
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})

describe.each(mutants)('the mutant $name', (mutant) => {
  test('fits one place of the core, the kit or the inspector and changes it', () => {
    expect(mutant.file).toMatch(/^src\/(runtime|xstate|checkpoint|service|stores|task|testing|inspect)\//)
    const source = read(mutant.file)
    expect(plant(source, mutant)).not.toBe(source)
  })

  test('has its killer', () => {
    const { file, test: name, writtenIn = file } = mutant.killedBy
    const written = (text: string) => text.split(name).length - 1
    expect(read(file)).not.toBe('')
    expect(written(read(writtenIn))).toBeGreaterThan(0)
  })
})

describe('planting', () => {
  const mutant = { name: 'm', file: 'f', replace: '$&', killedBy: { file: 't', test: 't' } }

  test('puts in just what is to replace', () => {
    expect(plant('abc', { ...mutant, find: 'b' })).toBe('a$&c')
  })

  test.each(['x', 'a'])('refuses the place “%s”, which is none or not the only one', (find) => {
    expect(() => plant('aa', { ...mutant, find })).toThrow('The mutant “m” fits')
  })
})

describe('a hunt', () => {
  const mutant = { name: 'm', file: 'f', find: 'a', replace: 'b', killedBy: { file: 't', test: 't' } }
  const hunted = (...fates: Hunted['fate'][]) => fates.map((fate) => ({ mutant, fate, why: '' }))

  test('ends with 0 where each was killed', () => {
    expect(endOf(hunted('killed', 'killed'), 2)).toEqual({ line: '2 of 2 killed.', exitCode: 0 })
  })

  test('counts a test that did not end as no kill, and says so', () => {
    expect(FATES.hung).toBe('hung')
    expect(endOf(hunted('killed', 'hung'), 2)).toEqual({ line: '1 of 2 killed, 1 hung.', exitCode: 1 })
  })

  test.each(['survived', 'misfit'] as const)('tells of one that %s', (fate) => {
    expect(endOf(hunted('killed', fate), 2)).toEqual({ line: `1 of 2 killed, 1 ${fate}.`, exitCode: 1 })
  })

  test('that was cut short has not killed all', () => {
    expect(endOf(hunted('killed'), 2).exitCode).toBe(1)
  })
})
