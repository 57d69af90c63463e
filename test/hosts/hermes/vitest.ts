// As much of Vitest as the tests ask for that run in Hermes, which no Vitest runs in: its own `expect` and spies, and a runner.
import './for-vitest.js'
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'
import { fn, restoreAllMocks, spyOn } from '@vitest/spy'
import * as chai from 'chai'
import { runLoop } from './loop.js'

declare const print: (text: string) => void

/** How long a test may take, in ms. */
const TEST_MS = 60_000

type Run = (...given: unknown[]) => unknown

interface Scope {
  readonly name: string
  readonly before: Run[]
  readonly after: Run[]
}

interface Test {
  readonly name: string
  readonly run: Run
  readonly scopes: readonly Scope[]
}

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin)
const made = (value: unknown, message?: string) => chai.expect(value, message)
/** Vitest's own has these members by the same way. */
export const expect = Object.assign(made, chai.expect, Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT), {
  getState: () => getState(expect as never),
  setState: (state: object) => setState(state as never, expect as never),
})
Reflect.set(globalThis, GLOBAL_EXPECT, expect)
expect.setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null })

const scopeOf = (name: string): Scope => ({ name, before: [], after: [] })
let scopes: readonly Scope[] = []
let tests: Test[] = []
let atEnd: Run[] = []

const innermost = (): Scope => scopes.at(-1) as Scope
export const beforeEach = (run: Run) => void innermost().before.push(run)
export const afterEach = (run: Run) => void innermost().after.push(run)
export const onTestFinished = (run: Run) => void atEnd.push(run)

/** What is said for each of several rows is said so often. */
function forEachRow(say: (name: string, run: Run) => void) {
  const named = (name: string, index: number) => `${name} ${index}`
  return {
    each: (rows: readonly unknown[]) => (name: string, run: Run) => {
      for (const [index, row] of rows.entries())
        say(named(name, index), () => (Array.isArray(row) ? run(...row) : run(row)))
    },
    for: (rows: readonly unknown[]) => (name: string, run: Run) => {
      for (const [index, row] of rows.entries()) say(named(name, index), () => run(row))
    },
  }
}

function sayTest(name: string, run: Run): void {
  tests.push({ name: [...scopes.slice(1).map((scope) => scope.name), name].join(' > '), run, scopes })
}

function sayGroup(name: string, run: Run): void {
  const outer = scopes
  scopes = [...outer, scopeOf(name)]
  run()
  scopes = outer
}

export const test = Object.assign(sayTest, forEachRow(sayTest))
export const it = test
export const describe = Object.assign(sayGroup, forEachRow(sayGroup))

const stubs: (() => void)[] = []

export const vi = {
  fn,
  spyOn,
  restoreAllMocks,
  stubGlobal(name: string, value: unknown): void {
    const had = Object.getOwnPropertyDescriptor(globalThis, name)
    stubs.push(() => {
      if (had === undefined) Reflect.deleteProperty(globalThis, name)
      else Object.defineProperty(globalThis, name, had)
    })
    Reflect.set(globalThis, name, value)
  },
  unstubAllGlobals(): void {
    for (const undo of stubs.splice(0).reverse()) undo()
  },
  async waitFor<T>(look: () => T): Promise<T> {
    const endMs = Date.now() + 1000
    for (;;) {
      try {
        return await look()
      } catch (error) {
        if (Date.now() > endMs) throw error
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  },
}

async function tried(run: () => unknown): Promise<string | undefined> {
  let timer: unknown
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${TEST_MS} ms.`)), TEST_MS)
  })
  try {
    await Promise.race([Promise.resolve().then(run), late])
    return undefined
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error)
  } finally {
    clearTimeout(timer as number)
  }
}

async function ran({ run, scopes }: Test): Promise<string | undefined> {
  atEnd = []
  const failure = await tried(async () => {
    for (const { before } of scopes) for (const prepare of before) await prepare()
    await run()
  })
  const ends = [...scopes.flatMap(({ after }) => after), ...atEnd.reverse()]
  const failures = [failure, ...(await Promise.all(ends.map((end) => tried(end))))]
  return failures.find((one) => one !== undefined)
}

/** Runs all tests of these files, one after another, and tells of each in a line of JSON. */
export function runFiles(files: Readonly<Record<string, () => Promise<unknown>>>): void {
  let over = false
  const all = async () => {
    for (const [file, load] of Object.entries(files)) {
      tests = []
      scopes = [scopeOf(file)]
      const failure = await tried(load)
      if (failure !== undefined) print(JSON.stringify({ file, name: 'it is loaded', failure }))
      for (const one of tests) print(JSON.stringify({ file, name: one.name, failure: await ran(one) }))
    }
  }
  void all().then(() => (over = true))
  runLoop(() => over)
}
