import { expect, test } from 'vitest'
import { Random } from '../../crash/random.js'
import { callsIn } from './calls.js'
import { powerCuts } from './cuts.js'
import { TracedFolder } from './folder.js'

const hex = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '\\x$&')
const fd = (path: string) => `3<${hex(path)}>`
const created = (path: string) =>
  `1 openat(AT_FDCWD<${hex('/')}>, "${hex(path)}", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = ${fd(path)}`

/** What strace writes down of a file that is made, written, synced and renamed, and of a sync that takes its time. */
const OUTPUT = [
  created('/s/a.new'),
  `1 openat(AT_FDCWD<${hex('/')}>, "${hex('/s/b')}", O_RDWR) = -1 ENOENT (No such file or directory)`,
  `1 pwrite64(${fd('/s/a.new')}, "${hex('first')}", 5, 0) = 5`,
  `1 fsync(${fd('/s/a.new')}) = 0`,
  `1 rename("${hex('/s/a.new')}", "${hex('/s/a')}") = 0`,
  `2 fsync(${fd('/s')} <unfinished ...>`,
  `1 pwrite64(${fd('/s/a')}, "${hex('other')}", 5, 0) = 5`,
  '2 <... fsync resumed>) = 0',
  `1 write(1<${hex('pipe:[1]')}>, "${hex('has 1\n')}", 6) = 6`,
  `1 unlink("${hex('/s/a')}") = 0`,
  '1 +++ exited with 0 +++',
].join('\n')

/** The folder when these calls were done. */
function after(count: number): TracedFolder {
  const folder = new TracedFolder('/s')
  for (const call of callsIn(OUTPUT).slice(0, count)) folder.happen(call)
  return folder
}

/** What a power cut may leave, as text. */
function left(folder: TracedFolder): readonly string[] {
  const cuts = [...powerCuts(folder, new Random(1))]
  return cuts.map((files) => [...files].map(([name, bytes]) => `${name}=${bytes}`).join()).sort()
}

test('the calls that strace has written down are read in the order in which they were done', () => {
  expect(callsIn(OUTPUT).map((call) => call.do)).toEqual(
    'open write,begin sync,end sync,rename,begin sync,write,end sync,say,unlink'.split(/[ ,](?!sync)/),
  )
  expect(callsIn(OUTPUT)).toContainEqual({ do: 'say', line: 'has 1' })
})

test('a call of which nothing is known is no call that did nothing', () => {
  expect(() => callsIn('1 fallocate(3, 0, 0, 10) = 0')).toThrow('nothing is known of: fallocate')
})

test('a write of which not all is told is no shorter one', () => {
  const cut = `1 pwrite64(${fd('/s/a')}, "${hex('fir')}"..., 5, 0) = 5`
  expect(() => callsIn(cut)).toThrow('strace tells 3 of 5 bytes')
})

test('a power cut leaves what was synced, and of names and sectors any choice', () => {
  expect(left(after(2))).toEqual(['', 'a.new=', 'a.new=first'])
  expect(left(after(4))).toEqual(['', 'a.new=first'])
  // Of the two names that were pending either may be there, and the second needs the first.
  expect(left(after(5))).toEqual(['', 'a.new=first', 'a=first', 'a=first'])
})

test('a sync makes durable what was done before it began, and nothing of what was done meanwhile', () => {
  expect(left(after(8))).toEqual(['a=first', 'a=other'])
  expect(left(after(10))).toEqual(['', 'a=first', 'a=other'])
})

test('what overwrites a sector that was not synced is told, and nothing else', () => {
  const write = (at: number) => ({ do: 'write', path: '/s/a', at, bytes: Buffer.alloc(512, at + 1) }) as const
  const folder = new TracedFolder('/s')
  folder.happen({ do: 'open', path: '/s/a', creates: true, empties: false })
  folder.happen(write(0))
  expect(folder.overwrites({ ...write(0), bytes: Buffer.from('again') })).toBe(true)
  expect(folder.overwrites(write(512))).toBe(false)
  folder.happen({ do: 'begin sync', path: '/s/a', thread: '1' })
  folder.happen({ do: 'end sync', thread: '1' })
  expect(folder.overwrites({ ...write(0), bytes: Buffer.from('again') })).toBe(false)
})

test('of two syncs at once, the one that began later counts, whichever ends first', () => {
  const folder = new TracedFolder('/s')
  const write = (text: string) =>
    folder.happen({ do: 'write', path: '/s/a', at: 0, bytes: Buffer.from(text) })
  folder.happen({ do: 'open', path: '/s/a', creates: true, empties: false })
  write('first')
  folder.happen({ do: 'begin sync', path: '/s', thread: '1' })
  folder.happen({ do: 'end sync', thread: '1' })
  folder.happen({ do: 'begin sync', path: '/s/a', thread: '1' })
  write('other')
  folder.happen({ do: 'begin sync', path: '/s/a', thread: '2' })
  folder.happen({ do: 'end sync', thread: '2' })
  folder.happen({ do: 'end sync', thread: '1' })
  expect(left(folder)).toEqual(['a=other'])
})

test('a file of which nobody knows what is read when it is torn is refused', () => {
  const folder = new TracedFolder('/s')
  const path = '/s/tardigrade.db'
  folder.happen({ do: 'open', path, creates: true, empties: false })
  folder.happen({ do: 'write', path, at: 0, bytes: Buffer.alloc(4096, 1) })
  expect(() => left(folder)).toThrow('tardigrade.db may lose any of 8 sectors')
})
