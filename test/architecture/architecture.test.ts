import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const src = join(root, 'src')

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...found].map(([, type, from, dynamic]) => ({
    specifier: from ?? dynamic ?? '',
    typeOnly: type !== undefined,
  }))
}

/** The room of a file: the folder below src, or the file itself at the top. */
const roomOf = (file: string) => relative(src, file).split('/')[0] ?? ''

/** Which rooms a room may import from; itself always. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  ports: [],
  disk: [],
  platform: [],
  checkpoint: ['errors', 'ports'],
  service: ['checkpoint', 'errors'],
  task: ['service', 'errors'],
  xstate: ['service', 'checkpoint', 'ports', 'errors'],
  runtime: ['service', 'checkpoint', 'xstate', 'ports', 'errors', 'platform'],
  stores: ['ports', 'errors', 'checkpoint', 'disk', 'platform'],
  hosts: ['ports', 'errors', 'platform'],
  react: ['runtime', 'service', 'errors'],
  modules: ['service', 'errors'],
  inspect: ['runtime', 'xstate', 'service', 'checkpoint', 'ports', 'errors', 'control', 'disk'],
}

/** Rooms that decide: no clock, chance, I/O, waiting or platform. */
const PURE = ['service', 'checkpoint', 'errors']

/** Takes a pure function from the platform where it has it, and computes the same where it has not. */
const PURE_ALL_THE_SAME = ['src/checkpoint/checksum.ts']

/** Lines of a file: one that is longer holds more than one idea. */
const LONGEST = 260

const sources = files(src)

describe('the house', () => {
  test('rooms import only what their rule allows', () => {
    const broken = sources.flatMap((file) => {
      const allowed = RULES[roomOf(file)]
      if (allowed === undefined) return []
      return importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => roomOf(resolve(dirname(file), specifier)))
        .filter((room) => room !== roomOf(file) && !allowed.includes(room))
        .map((room) => `${relative(root, file)} imports ${room}`)
    })
    expect(broken).toEqual([])
  })

  test('every room has a rule, or is a door to the outside', () => {
    const rooms = new Set(sources.map(roomOf))
    const doors = ['index.ts', 'cli', 'control', 'testing']
    expect([...rooms].filter((room) => RULES[room] === undefined && !doors.includes(room))).toEqual([])
  })

  test('nothing but the command itself knows the command line', () => {
    const above = sources
      .filter((file) => roomOf(file) !== 'cli')
      .filter((file) => importsOf(file).some(({ specifier }) => /^(?:\.\.\/)+cli\//.test(specifier)))
    expect(above.map((file) => relative(root, file))).toEqual([])
  })

  test('rooms that decide hold no clock, chance, I/O or waiting', () => {
    const forbidden =
      /\bDate\.now\b|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\??\.(?!versions)[a-z]|\bawait\b|\basync\b|from 'node:|\bnew Promise\b/
    const comment = /\/\*[\s\S]*?\*\/|\/\/.*$/gm
    const broken = sources
      .filter((file) => PURE.includes(roomOf(file)))
      .filter((file) => !PURE_ALL_THE_SAME.includes(relative(root, file)))
      .filter((file) => forbidden.test(readFileSync(file, 'utf8').replace(comment, '')))
    expect(broken.map((file) => relative(root, file))).toEqual([])
  })

  test('JSON whose keys others choose is read by readJson, which no engine misleads', () => {
    // Their keys are this code’s own, and none has an escape.
    const own = [
      'checkpoint/json.ts',
      'cli/main.ts',
      'hosts/embedder/message.ts',
      'stores/file-format.ts',
      'stores/file-owner.ts',
    ]
    const broken = sources
      .filter((file) => /\bJSON\.parse\(/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(src, file).replaceAll('\\', '/'))
    expect(broken.sort()).toEqual(own)
  })

  test('ports hold nothing that runs', () => {
    const broken = sources
      .filter((file) => roomOf(file) === 'ports')
      .filter((file) => /^(?:export )?(?:const|let|function|class|enum)\b/m.test(readFileSync(file, 'utf8')))
    expect(broken).toEqual([])
  })

  test('one room knows XState’s internals', () => {
    const internal =
      /\._(?:snapshot|parent|relay|stop|error|actorScope|processingStatus|syncSnapshot|nodes|sendInspectionEvent)\b/
    const broken = sources
      .filter((file) => roomOf(file) !== 'xstate')
      .filter((file) => internal.test(readFileSync(file, 'utf8')))
    expect(broken.map((file) => relative(root, file))).toEqual([])
  })

  test('only adapters and doors know a platform', () => {
    const free = ['disk', 'stores', 'hosts', 'modules', 'cli', 'control']
    // Loaded by those alone who give it a folder, or a module.
    const adapters = ['src/testing/corpus.ts', 'src/testing/in-module.ts']
    // Loaded by `#inspection` in Node alone, or by the command.
    const folders = [
      'src/testing/isolate/',
      'src/testing/workers/',
      'src/inspect/server/',
      'src/inspect/files/',
    ]
    const broken = sources.flatMap((file) =>
      free.includes(roomOf(file)) ||
      adapters.includes(relative(root, file)) ||
      folders.some((folder) => relative(root, file).startsWith(folder))
        ? []
        : importsOf(file)
            .filter(({ specifier }) => specifier.startsWith('node:'))
            .map(({ specifier }) => `${relative(root, file)} imports ${specifier}`),
    )
    expect(broken).toEqual([])
  })

  test('machines use the public API alone', () => {
    const broken = files(join(root, 'machines')).flatMap((file) =>
      importsOf(file)
        .map(({ specifier }) => specifier)
        .filter((specifier) => specifier.includes('/src/') || /^\.\.\/\.\.\/src/.test(specifier))
        .map((specifier) => `${relative(root, file)} imports ${specifier}`),
    )
    expect(broken).toEqual([])
  })

  test('files hold one idea: none is long, most are short', () => {
    const lengthOf = (file: string) => readFileSync(file, 'utf8').split('\n').length
    const lengths = sources.map(lengthOf).sort((a, b) => a - b)
    const at = (share: number) => lengths[Math.floor(lengths.length * share)] ?? 0
    expect(at(0.5)).toBeLessThanOrEqual(80)
    expect(at(0.9)).toBeLessThanOrEqual(200)
    const long = sources.filter((file) => lengthOf(file) > LONGEST).map((file) => relative(root, file))
    expect(long).toEqual([])
  })
})
