import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compiled } from '../../crash/child.js'

/** What a process has asked of the file system, in the order in which it was done. */
export type Call =
  | { readonly do: 'open'; readonly path: string; readonly creates: boolean; readonly empties: boolean }
  /** Without `at`, where the last one ended. */
  | { readonly do: 'write'; readonly path: string; readonly at?: number; readonly bytes: Buffer }
  | { readonly do: 'truncate'; readonly path: string; readonly size: number }
  | { readonly do: 'rename'; readonly path: string; readonly to: string }
  | { readonly do: 'unlink'; readonly path: string }
  | { readonly do: 'mkdir'; readonly path: string }
  /** What was done before it began is durable when it has ended. */
  | { readonly do: 'begin sync'; readonly path: string; readonly thread: string }
  | { readonly do: 'end sync'; readonly thread: string }
  /** It has written a line to its standard output. */
  | { readonly do: 'say'; readonly line: string }

/** Those that change what is on a disk; what has no meaning here is refused where it is read. */
const TRACED =
  'openat,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,msync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,copy_file_range,sendfile'

/** Longer than anything that is written at once; a log is made longer by a megabyte. */
const MOST_BYTES = 4_000_000

/** Why this machine does not let us write down the calls of a process; undefined where it does. */
export function whyUntraceable(): string | undefined {
  try {
    execFileSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', process.execPath, '--version'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return undefined
  } catch (error) {
    // Of a program that could not be started, or said why it cannot.
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: Buffer }
    return code === 'ENOENT' ? 'strace is not installed' : `strace: ${String(stderr).trim().split('\n')[0]}`
  }
}

/**
 * The calls of a compiled program in a process of its own, under strace.
 * @throws {Error} the program failed
 */
export function traced(program: string, ...args: readonly string[]): readonly Call[] {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-traced-'))
  const out = join(folder, 'calls')
  try {
    const flags = [
      '-f',
      '--seccomp-bpf',
      '-y',
      '-xx',
      '-s',
      `${MOST_BYTES}`,
      '-o',
      out,
      '-e',
      `trace=${TRACED}`,
    ]
    execFileSync('strace', [...flags, process.execPath, compiled(program), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return callsIn(readFileSync(out, 'latin1'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The calls that strace has written down, with all strings in hexadecimal. */
export function callsIn(output: string): readonly Call[] {
  const calls: Call[] = []
  const begun = new Map<string, string>()
  for (const line of output.split('\n')) {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const [, before] = /^(.*) <unfinished \.\.\.>$/.exec(text) ?? []
    if (before !== undefined) {
      begun.set(thread, before)
      calls.push(...begunSync(before, thread))
      continue
    }
    const [, after] = /^<\.\.\. \w+ resumed>(.*)$/.exec(text) ?? []
    if (after === undefined) calls.push(...begunSync(text, thread))
    const whole = after === undefined ? text : `${begun.get(thread) ?? ''}${after}`
    const call = callOf(whole, thread)
    if (call !== undefined) calls.push(call)
  }
  return calls
}

function begunSync(text: string, thread: string): readonly Call[] {
  const [, path] = /^f(?:data)?sync\(\d+<([^>]*)>/.exec(text) ?? []
  return path === undefined ? [] : [{ do: 'begin sync', path: unhex(path).toString(), thread }]
}

/** A call that was done; one that failed did nothing. */
function callOf(text: string, thread: string): Call | undefined {
  const [, name = '', inner = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\w+)/.exec(text) ?? []
  if (name === '' || result.startsWith('-')) return undefined
  const strings = [...inner.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => unhex(hex))
  const [, opened = ''] = /^\d+<([^>]*)>/.exec(inner) ?? []
  const path = (opened === '' ? (strings[0] ?? '') : unhex(opened)).toString()
  const lastNumber = Number(/(\d+)$/.exec(inner)?.[1])
  switch (name) {
    case 'openat':
      return openOf(strings[0]?.toString() ?? '', inner)
    case 'pwrite64':
      return { do: 'write', path, at: lastNumber, bytes: bytesOf(strings[0], result) }
    case 'write':
      if (inner.startsWith('1<')) return { do: 'say', line: String(strings[0]).trim() }
      return { do: 'write', path, bytes: bytesOf(strings[0], result) }
    case 'ftruncate':
      return { do: 'truncate', path, size: lastNumber }
    case 'rename':
      return { do: 'rename', path, to: String(strings[1]) }
    case 'unlink':
      return { do: 'unlink', path }
    case 'mkdir':
      return { do: 'mkdir', path }
    case 'fsync':
    case 'fdatasync':
      return { do: 'end sync', thread }
    default:
      throw new Error(`a call that nothing is known of: ${text.slice(0, 200)}`)
  }
}

function openOf(path: string, inner: string): Call {
  return { do: 'open', path, creates: inner.includes('O_CREAT'), empties: inner.includes('O_TRUNC') }
}

/** So many as were written. */
function bytesOf(bytes: Buffer | undefined, written: string): Buffer {
  const all = bytes ?? Buffer.alloc(0)
  if (all.length < Number(written)) throw new Error(`strace tells ${all.length} of ${written} bytes`)
  return all.subarray(0, Number(written))
}

function unhex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}
