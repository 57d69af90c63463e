// @long: an engine of 2022 interprets what others compile.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inHermes } from './hermes/engine.js'

/** Tests of everything that a service does, and of what there is for phones. */
const FOLDERS = ['test/xstate', 'test/task', 'test/timers']
const FILES = [
  'test/hosts/manual.test.ts',
  'test/hosts/react-native.test.ts',
  'test/hosts/woken.test.ts',
  'test/runtime/closing.test.ts',
  'test/runtime/resume-all.test.ts',
  'test/runtime/retrying.test.ts',
  'test/runtime/service.test.ts',
  'test/runtime/stretch.test.ts',
  'test/runtime/supervisor.test.ts',
  'test/stores/phones.test.ts',
]

/** What only Node has, or Vitest alone. */
const OF_NODE = /from 'node:|kit\/garbage|vi\.(resetModules|hoisted|mock)/

const [PROCESS, CLONE] = ['a process, which hears of errors that nobody catches', '`structuredClone`']

/** Tests that ask for more than React Native has, each with what that is. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'a cleanup that throws as a service is let go keeps no other work going': PROCESS,
  'nor does it leave a connection that is made a second time when the service goes on': PROCESS,
  'emitted events > a listener that throws stops nothing': PROCESS,
  'a pause > ends %s that the task does not wait for, and no process 0': PROCESS,
  'a pause > ends %s that the task does not wait for, and no process 1': PROCESS,
  'what a review found > a listener that throws keeps no other service from its answer': PROCESS,
  'what is no reference > data shaped like one stays data': CLONE,
  'in plain XState > persisted by XState, it goes on from its last step': CLONE,
  'a pause > at the deadline aborts what runs, and runs it again later': 'a signal with a reason',
  'MMKV that has grown too large takes no more, and keeps what it has':
    'a stand-in that counts: Babel’s helper copies what a getter gives',
}

test('what a service does, it does in Hermes as well, with the Promise and the timers of React Native', async () => {
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => `${folder}/${file}`),
  )
  const files = [...found, ...FILES].filter((file) => !OF_NODE.test(readFileSync(file, 'utf8')))
  const told = await inHermes(files)
  const failed = told.filter(({ failure }) => failure !== undefined)
  const unexpected = failed.filter(({ name }) => !Object.hasOwn(ELSEWHERE, name))
  expect(unexpected.map(({ file, name, failure }) => `${file}: ${name}\n${failure}`)).toEqual([])
  // Those are not hidden for longer than they must be.
  const names = new Set(failed.map(({ name }) => name))
  expect(Object.keys(ELSEWHERE).filter((name) => !names.has(name))).toEqual([])
  expect(told.length).toBeGreaterThan(500)
}, 900_000)
