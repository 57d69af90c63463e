import { memoryStore } from 'tardigrade/stores/memory'
import { storeCases, UnknownCaseError, verifyStore } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { brokenStores, failing } from './broken-stores.js'
import { brokenBy } from './contract-kit.js'

describe.each(brokenStores)('a store that $mistake', ({ make, caughtBy }) => {
  test.each(caughtBy)('is caught by “%s”', async (name) => {
    const { broken } = await brokenBy(verifyStore(make, { only: [name], seed: 1, runs: 200 }))
    expect(broken).toMatchObject([{ case: name, problem: expect.stringMatching(/.{10}/) }])
    expect(broken[0]?.remedy).toMatch(/.{10}\.$/)
  })
})

test('every case has a mistake that it finds', () => {
  const caught = new Set(brokenStores.flatMap(({ caughtBy }) => caughtBy))
  expect(storeCases.filter((name) => !caught.has(name))).toEqual([])
  expect(new Set(storeCases).size).toBe(storeCases.length)
})

describe('verifyStore', () => {
  const memory = ({ keep }: { keep: number }) => {
    const store = memoryStore({ keep })
    return { store, loseLock: store.loseLock }
  }

  test('reports what it tried, and the seed', async () => {
    const only = ['lists in pages', 'takes an empty batch']
    expect(await verifyStore(memory, { only, seed: 42 })).toEqual({
      cases: ['takes an empty batch', 'lists in pages'],
      untried: [],
      seed: 42,
    })
  })

  test('lists every case that failed, with what was expected, where to look, and how to see it again', async () => {
    const make = brokenStores.find(({ mistake }) => mistake === 'accepts what does not follow')?.make
    const error = await brokenBy(verifyStore(make ?? memory, { seed: 42 }))
    const names = error.broken.map(({ case: name }) => name)
    expect(names).toContain('lets the sequence go on from the one before')
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) expect(error.message).toContain(`✗ ${name}\n`)
    expect(error.message).toContain(`breaks ${names.length} of ${storeCases.length - 2} cases`)
    expect(error.message).toContain('0 is true, and false by the contract')
    expect(error.remedy).toContain('seed: 42')
  })

  test.each([
    ['a store itself', memoryStore(), 'make', 'is {', '({ keep }) => ({ store, loseLock })'],
    ['what makes nothing', () => undefined, 'store', 'is undefined', '({ keep }) => ({ store, loseLock })'],
    [
      'what makes a store alone',
      () => ({ store: memoryStore() }),
      'loseLock',
      'is undefined',
      'store.loseLock',
    ],
  ])('refuses %s at once, and once', async (_, make, option, is, remedy) => {
    const error = await verifyStore(make as never).catch((error) => error)
    expect(error).toMatchObject({ code: 'INVALID_OPTION', option })
    expect(error.message).toContain(is)
    expect(error.remedy).toContain(remedy)
  })

  test('tells the first of those that end alike, and which ones may follow from it', async () => {
    const make = () => ({
      ...memory({ keep: 3 }),
      store: { ...memoryStore(), claim: () => Promise.reject(new RangeError('boom')) },
    })
    const { broken, message } = await brokenBy(verifyStore(make))
    const [first, ...others] = broken
    expect(first).toMatchObject({ case: storeCases[0] })
    expect(first?.follows).toBeUndefined()
    expect(others.length).toBeGreaterThan(30)
    expect(others.filter(({ follows }) => follows !== storeCases[0]).map(({ problem }) => problem)).toEqual(
      [],
    )
    expect(message.match(/boom/g)).toHaveLength(1)
    expect(message).toContain('    ✗ lists in pages\n      ends alike, and may follow from it')
  })

  test('tells those apart that end in different ways', async () => {
    const make = brokenStores.find(({ mistake }) => mistake === 'accepts what does not follow')?.make
    const { broken } = await brokenBy(verifyStore(make ?? memory, { seed: 42 }))
    const firsts = broken.filter(({ follows }) => follows === undefined).map(({ case: name }) => name)
    expect(firsts).toContain('lets the sequence go on from the one before')
    expect(firsts).toContain('refuses an empty key everywhere, and takes the rest of its batch')
    expect(firsts).not.toContain('refuses a key with NUL everywhere, and takes the rest of its batch')
  })

  test('tries a failing medium where it was said how it fails', async () => {
    const cases = storeCases.filter((name) => name.includes('its medium fails'))
    expect(cases).toHaveLength(2)
    expect(await verifyStore(memory, { only: cases })).toMatchObject({ cases: [], untried: cases })
    expect(await verifyStore(failing(), { only: cases })).toMatchObject({ cases, untried: [] })
    await expect(verifyStore((() => ({ ...memory({ keep: 3 }), failWrites: 1 })) as never)).rejects.toThrow(
      /failWrites is 1\. Give a function/,
    )
  })

  test('tells of a medium that never fails, and of one that never works again', async () => {
    const cases = storeCases.filter((name) => name.includes('its medium fails'))
    const never = await brokenBy(
      verifyStore((options) => ({ ...memory(options), failWrites: () => () => {} }), { only: cases }),
    )
    expect(never.broken.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('a commit goes through after `failWrites(0)`: it did not fail'),
      expect.stringContaining('a quarantine goes through after `failWrites(0)`: it did not fail'),
    ])
    const always = async (options: { readonly keep: number }) => {
      const { failWrites, ...made } = await failing()(options)
      return { ...made, failWrites: () => failWrites?.(0) ?? (() => {}) }
    }
    const { broken } = await brokenBy(verifyStore(always, { only: cases }))
    expect(broken[0]?.problem).toContain('a commit still fails after `failWrites(200)`')
  })

  test('refuses an empty list of cases, which would try nothing', async () => {
    await expect(verifyStore(memory, { only: [] })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/The option only is \[\]\. Give a list of one or more names of cases/),
    })
  })

  test('shrinks what it found at random, and finds it again with the same seed', async () => {
    const make = brokenStores.find(({ mistake }) => mistake === 'keeps the last two of the quarantine')?.make
    const options = { only: ['does what the model does, whatever the steps'], seed: 3, runs: 300 }
    const first = await brokenBy(verifyStore(make ?? memory, options))
    expect(first.broken[0]?.problem).toContain('The smallest that shows it: [{"do":"commit"')
    expect((await brokenBy(verifyStore(make ?? memory, options))).message).toBe(first.message)
  })

  test('tells what was thrown, and of a store that never answers', async () => {
    const boom = new RangeError('boom')
    const throwing = () => ({
      ...memory({ keep: 3 }),
      store: { ...memoryStore(), claim: () => Promise.reject(boom) },
    })
    const only = ['takes an empty batch']
    const { broken } = await brokenBy(verifyStore(throwing, { only }))
    expect(broken).toMatchObject([{ problem: 'It throws RangeError: boom', cause: boom }])
    const silent = () => ({
      ...memory({ keep: 3 }),
      store: { ...memoryStore(), claim: () => new Promise<never>(() => {}) },
    })
    expect((await brokenBy(verifyStore(silent, { only, timeoutMs: 20 }))).message).toContain('after 20 ms')
  })

  test('gives each case all the time there is where that is asked', async () => {
    const only = ['takes an empty batch']
    // Slower than a timer that was taken for none.
    const slow = () => {
      const { store, loseLock } = memory({ keep: 3 })
      const turns = () => new Promise((resolve) => setTimeout(resolve, 5))
      return { loseLock, store: { ...store, claim: () => turns().then(() => store.claim()) } }
    }
    const { cases } = await verifyStore(slow, { only, timeoutMs: Number.POSITIVE_INFINITY })
    expect(cases).toEqual(only)
  })

  test('deletes what it made, also where a case fails', async () => {
    let there = 0
    const counted = ({ keep }: { keep: number }) => {
      there++
      return { ...memory({ keep: keep + 1 }), dispose: () => void there-- }
    }
    const only = [
      'keeps as many checkpoints as it was told, newest first',
      'does what the model does, whatever the steps',
    ]
    await brokenBy(verifyStore(counted, { only }))
    expect(there).toBe(0)
  })

  test('refuses a case that it does not know, and names those that it does', async () => {
    const asked = verifyStore(memory, { only: ['flies'] })
    await expect(asked).rejects.toThrow(UnknownCaseError)
    await expect(asked).rejects.toThrow(/no case “flies” \(only\[0\]\)\. Give one of: .*“lists in pages”/)
    const misspelt = verifyStore(memory, { only: ['lists in pages', 'takes an emty batch'] })
    await expect(misspelt).rejects.toThrow(
      /“takes an emty batch” \(only\[1\]\)\. Give “takes an empty batch”, if/,
    )
    await expect(verifyStore(memory, { only: ['lists in pages', 3 as never] })).rejects.toThrow(
      /only\[1\] is 3/,
    )
  })
})
