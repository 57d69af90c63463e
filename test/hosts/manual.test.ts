import { InvalidOptionError } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { expect, test } from 'vitest'
import type { HostSink } from '../../src/ports/host.js'
import { describeHostContract } from './contract.js'

describeHostContract('manualHost', () => {
  const platform = manualHost()
  const named = (name: string, deadlineMs?: number) => ({
    begin: () => platform.interrupt(name, deadlineMs === undefined ? {} : { deadlineMs }),
    end: () => platform.release(name),
  })
  return {
    host: platform.host,
    interruptions: { offline: named('offline'), background: named('background', 500), own: named('own') },
    shutdown: () => platform.shutdown({ deadlineMs: 70 }),
    deadlineMs: 70,
  }
})

function sink() {
  const calls: unknown[][] = []
  const note =
    (name: string) =>
    async (...args: unknown[]) =>
      void calls.push([name, ...args])
  const hears: HostSink = {
    interrupt: note('interrupt'),
    release: note('release'),
    shutdown: note('shutdown'),
  }
  return { calls, hears }
}

test('says what it is told to everybody who listens, with the deadline', async () => {
  const platform = manualHost()
  const [one, two] = [sink(), sink()]
  platform.host(one.hears)
  const cleanup = platform.host(two.hears)
  await platform.interrupt('background', { deadlineMs: 5 })
  cleanup()
  await platform.release('background')
  await platform.shutdown({ deadlineMs: 7 })
  const first = ['interrupt', 'background', { deadlineMs: 5 }]
  expect(one.calls).toEqual([first, ['release', 'background'], ['shutdown', { deadlineMs: 7 }]])
  expect(two.calls).toEqual([first])
})

test('resolves when everybody rests, and not before', async () => {
  const platform = manualHost()
  let rest: () => void = () => {}
  platform.host({ ...sink().hears, interrupt: () => new Promise<void>((resolve) => (rest = resolve)) })
  platform.host(sink().hears)
  let rests = false
  const interrupted = platform.interrupt('frozen').then(() => {
    rests = true
  })
  await Promise.resolve()
  expect(rests).toBe(false)
  rest()
  await interrupted
  expect(rests).toBe(true)
})

test('tells of a sink that fails, having told all the others', async () => {
  const platform = manualHost()
  const other = sink()
  platform.host({
    ...sink().hears,
    release: async () => {
      throw new Error('boom')
    },
  })
  platform.host(other.hears)
  await expect(platform.release('frozen')).rejects.toThrow('boom')
  expect(other.calls).toEqual([['release', 'frozen']])
})

test('nobody listens: nothing happens', async () => {
  const platform = manualHost()
  expect(await Promise.all([platform.interrupt('x'), platform.release('x'), platform.shutdown()])).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('what says nothing is refused, and nobody is told of it', async () => {
  const platform = manualHost()
  const { calls, hears } = sink()
  platform.host(hears)
  const refused = [
    () => platform.interrupt(''),
    () => platform.interrupt(undefined as never),
    () => platform.interrupt('background', { deadlineMs: -1 }),
    () => platform.interrupt('background', { deadline: 5 } as never),
    () => platform.release(''),
    () => platform.shutdown({ deadlineMs: Number.NaN }),
  ]
  for (const ask of refused) await expect(ask()).rejects.toThrow(InvalidOptionError)
  await expect(platform.interrupt('')).rejects.toThrow('The option interruption is "". Give a text of 1 to')
  expect(calls).toEqual([])
})
