import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { DiskCalls } from './calls.js'
import type { Disk } from './disk.js'

const PREFIX = '/simulated-disk-'

const CALLS = ['mkdir', 'lstat', 'stat', 'readdir', 'readFile', 'rename', 'rm', 'open'] as const

const mounted = new Map<string, DiskCalls>()
let count = 0

/** Where a disk is to be found. */
export interface Mount {
  readonly root: string
  readonly calls: DiskCalls
  unmount(): void
}

/** Has `node:fs/promises` lead to the disk, under a root of its own; all other paths lead where they did. */
export function mount(disk: Disk): Mount {
  install()
  const root = `${PREFIX}${++count}`
  const calls = new DiskCalls(disk)
  mounted.set(root, calls)
  return { root, calls, unmount: () => void mounted.delete(root) }
}

let installed = false

function install(): void {
  if (installed) return
  installed = true
  const routed = CALLS.map((name) => {
    // Handed on as they came.
    const real = fs.promises[name] as (...args: unknown[]) => Promise<unknown>
    const route = (path: unknown, ...args: unknown[]) => {
      const root = typeof path === 'string' && path.startsWith(PREFIX) ? rootOf(path) : undefined
      const calls = root === undefined ? undefined : mounted.get(root)
      if (root === undefined || calls === undefined) return real(path, ...args)
      const inner = args.map((arg) =>
        typeof arg === 'string' && arg.startsWith(root) ? arg.slice(root.length) : arg,
      )
      // Each call takes of the arguments what it knows.
      const call = calls[name] as (...args: unknown[]) => Promise<unknown>
      return call.call(calls, String(path).slice(root.length), ...inner)
    }
    return [name, route]
  })
  // Nothing else may look for a simulated path on the real disk, where it is not.
  const others = Object.entries(fs.promises).flatMap(([name, real]) => {
    if (typeof real !== 'function' || CALLS.some((call) => call === name)) return []
    const call = real as (...args: unknown[]) => unknown
    const guard = (path: unknown, ...args: unknown[]) => {
      if (typeof path === 'string' && path.startsWith(PREFIX))
        throw new Error(`a simulated disk has no ${name}`)
      return call(path, ...args)
    }
    return [[name, guard] as const]
  })
  Object.assign(fs.promises, Object.fromEntries([...others, ...routed]))
  syncBuiltinESMExports()
}

function rootOf(path: string): string {
  const end = path.indexOf('/', PREFIX.length)
  return end < 0 ? path : path.slice(0, end)
}
