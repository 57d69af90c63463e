import { describe, expect, test } from 'vitest'
import { memoryFigures } from '../../../src/hosts/node/cgroup.js'
import { LOOK_AT_MEMORY_MS, watchMemory } from '../../../src/hosts/node/memory.js'
import { hearing } from '../hearing.js'
import { machine } from './machine.js'

const ROOT = '/sys/fs/cgroup'

const version2 = (folder = ROOT, group = '/') => ({
  '/proc/self/cgroup': `0::${group}\n`,
  [`${folder}/memory.current`]: '800\n',
  [`${folder}/memory.high`]: 'max\n',
  [`${folder}/memory.max`]: '1000\n',
  [`${folder}/memory.stat`]: 'anon 500\nfile 300\ninactive_anon 7\ninactive_file 300\n',
  [`${folder}/memory.events`]: 'low 0\nhigh 9\nmax 4\noom 2\noom_kill 1\n',
  [`${folder}/memory.pressure`]:
    'some avg10=1.53 avg60=0.8 avg300=0.2 total=99\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3\n',
})

const version1 = {
  '/proc/self/cgroup': '5:cpu,cpuacct:/a\n4:memory:/box/17\n0::/\n',
  [`${ROOT}/memory/box/17/memory.usage_in_bytes`]: '800\n',
  [`${ROOT}/memory/box/17/memory.limit_in_bytes`]: '1000\n',
  [`${ROOT}/memory/box/17/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 300\n',
  [`${ROOT}/memory/box/17/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
}

const figures = (files: Readonly<Record<string, string>>) => memoryFigures((path) => files[path])

describe('what a control group says of its memory', () => {
  const read = { usedBytes: 500, limitBytes: 1000, refusals: 2, waitingPercent: 1.53 }

  test.each([
    ['version 2, in a container', version2(), read],
    ['version 2, on a machine', version2(`${ROOT}/app.slice/x.service`, '/app.slice/x.service'), read],
    ['version 2, where the own path leads nowhere', version2(ROOT, '/kubepods/pod1/c'), read],
    ['version 1, beside an empty version 2', version1, { ...read, waitingPercent: 0 }],
  ])('%s', (_, files, expected) => {
    expect(figures(files)).toEqual(expected)
  })

  test('the lower limit counts; none, or the greatest number of version 1, is none', () => {
    const limited = (high: string, max: string) =>
      figures({ ...version2(), [`${ROOT}/memory.high`]: high, [`${ROOT}/memory.max`]: max })?.limitBytes
    expect(limited('900\n', '1000\n')).toBe(900)
    expect(limited('max\n', 'max\n')).toBe(Number.POSITIVE_INFINITY)
    const path = `${ROOT}/memory/box/17/memory.limit_in_bytes`
    expect(figures({ ...version1, [path]: '9223372036854771712\n' })?.limitBytes).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  test.each([{}, { '/proc/self/cgroup': '' }, { '/proc/self/cgroup': '0::/\n' }])(
    'a machine without them (%j) says nothing',
    (files) => expect(figures(files)).toBeUndefined(),
  )
})

describe('low-memory', () => {
  const watched = (files: Record<string, string>, highest = 0.9) => {
    const { world, clock } = machine(files)
    const { sink, heard } = hearing()
    const end = watchMemory(highest, world)(sink)
    /** Some files change; then it is looked at. */
    const change = async (changes: Readonly<Record<string, string>>) => {
      for (const [name, text] of Object.entries(changes)) files[`${ROOT}/${name}`] = text
      await clock.advance(LOOK_AT_MEMORY_MS)
      return heard.splice(0)
    }
    return { clock, heard, change, end }
  }

  test('begins at the share of the limit, without what the kernel could drop, and ends well below', async () => {
    const { change, end, clock } = watched(version2())
    expect(await change({ 'memory.current': '1199' })).toEqual([])
    expect(await change({ 'memory.current': '1200' })).toEqual(['interrupt low-memory'])
    expect(await change({ 'memory.current': '1111' })).toEqual([])
    expect(await change({ 'memory.current': '1109' })).toEqual(['release low-memory'])
    end()
    expect(clock.pending).toBe(0)
  })

  test('holds while the group waits for memory', async () => {
    const { change } = watched(version2())
    const waits = (percent: number) => ({ 'memory.pressure': `some avg10=${percent} avg60=0 total=1\n` })
    expect(await change(waits(10))).toEqual(['interrupt low-memory'])
    expect(await change(waits(5))).toEqual([])
    expect(await change(waits(4.9))).toEqual(['release low-memory'])
  })

  test('holds after memory was refused, until it was not for a while', async () => {
    const { change } = watched(version2())
    expect(await change({ 'memory.events': 'oom 3\n' })).toEqual(['interrupt low-memory'])
    expect(await change({})).toEqual(['release low-memory'])
  })

  test('is in force at once where memory is short as the process begins', () => {
    const { heard } = watched({ ...version2(), [`${ROOT}/memory.max`]: '500\n' })
    expect(heard).toEqual(['interrupt low-memory'])
  })

  test('files that go away change nothing; without any there is nothing to look at', async () => {
    const files = version2()
    const { change } = watched(files)
    expect(await change({ 'memory.current': '1200' })).toEqual(['interrupt low-memory'])
    for (const name of Object.keys(files)) Reflect.deleteProperty(files, name)
    expect(await change({})).toEqual([])
    expect(watched({}).clock.pending).toBe(0)
  })
})
