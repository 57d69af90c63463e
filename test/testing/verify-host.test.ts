import type { Host } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { hostCases, type MakeHost, UnknownCaseError, UnverifiableError, verifyHost } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { brokenHosts, hasteningHost, soundHost } from './broken-hosts.js'
import { brokenBy } from './contract-kit.js'

describe.each(brokenHosts)('a host that $mistake', ({ make, caughtBy }) => {
  test.each(caughtBy)('is caught by “%s”', async (name) => {
    const { broken } = await brokenBy(verifyHost(make, { only: [name], seed: 1, patienceMs: 50 }))
    expect(broken).toMatchObject([{ case: name, problem: expect.stringMatching(/.{10}/) }])
    expect(broken[0]?.remedy).toMatch(/.{10}\.$/)
  })
})

test('every case has a mistake that it finds', () => {
  const caught = new Set(brokenHosts.flatMap(({ caughtBy }) => caughtBy))
  expect(hostCases.filter((name) => !caught.has(name))).toEqual([])
  expect(new Set(hostCases).size).toBe(hostCases.length)
})

describe('verifyHost', () => {
  test('finds nothing in a sound host, and says what it tried', async () => {
    expect(await verifyHost(soundHost, { seed: 5 })).toEqual({ cases: hostCases, untried: [], seed: 5 })
  })

  test('waits for a host that is not ready yet, as a supervisor does', async () => {
    const make: MakeHost = async () => {
      const sound = await soundHost()
      const host: Host = (sink) => {
        let end = () => {}
        const ready = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
          end = sound.host(sink) as () => void
        })
        return Object.assign(() => end(), { ready })
      }
      return { ...sound, host }
    }
    expect(await verifyHost(make, { seed: 5 })).toMatchObject({ cases: hostCases })
  })

  test('lets a host shut down again where there is less time', async () => {
    expect(await verifyHost(hasteningHost, { seed: 5 })).toMatchObject({ cases: hostCases })
  })

  test('tells which cases it could not try', async () => {
    const { host, shutdown } = manualHost()
    const { cases, untried } = await verifyHost(() => ({ host, shutdown }))
    expect([...cases, ...untried].sort()).toEqual([...hostCases].sort())
    expect(untried).toContain('leaves no listener behind')
    expect(untried).toContain('holds just what is in force, whatever comes and goes')
  })

  test('refuses a host of whose platform nothing is said, and a case that it does not know', async () => {
    const { host } = manualHost()
    await expect(verifyHost(() => ({ host }))).rejects.toThrow(UnverifiableError)
    await expect(verifyHost(soundHost, { only: ['flies'] })).rejects.toThrow(UnknownCaseError)
  })

  test('tells first of a word that nobody knows, which breaks what comes after it', async () => {
    const make: MakeHost = async () => {
      const sound = await soundHost()
      const host: Host = (sink) =>
        sound.host({ ...sink, release: (word) => sink.release(word.replace('ff', 'f')) })
      return { ...sound, host }
    }
    const { broken } = await brokenBy(verifyHost(make, { seed: 1, runs: 5, patienceMs: 50 }))
    expect(broken.length).toBeGreaterThan(2)
    expect(broken[0]).toMatchObject({
      case: 'says no word that nobody knows',
      problem: expect.stringContaining('ofline'),
    })
  })

  test('takes every platform away that it was given', async () => {
    let there = 0
    const counted = async () => {
      there++
      return { ...(await soundHost()), dispose: () => void there-- }
    }
    await verifyHost(counted)
    expect(there).toBe(0)
  })

  test('ends no process by what its own supervisor rejects with, of which the host hears nothing', async () => {
    const make: MakeHost = async () => {
      const sound = await soundHost()
      const host: Host = (sink) => {
        sound.host({ ...sink, shutdown: async (options) => void sink.shutdown(options) })
        return () => {
          throw new Error('boom')
        }
      }
      return { ...sound, host }
    }
    // What nobody handles, the runner would tell.
    const only = ['brings a supervisor to rest at a shutdown, and gives its store back']
    const { broken } = await brokenBy(verifyHost(make, { only, seed: 1, patienceMs: 50 }))
    expect(broken).toMatchObject([{ case: only[0] }])
  })
})
