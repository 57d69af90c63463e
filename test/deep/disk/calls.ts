import type { Disk, DiskNode } from './disk.js'

/** What a call meets instead of the disk. `half`: it has done half of its work. */
export interface Fault {
  readonly code: 'ENOSPC' | 'EIO'
  readonly half?: boolean
}

function failure(code: string, path: string): Error {
  const { stackTraceLimit } = Error
  // Hundreds of thousands are made, and nobody reads where.
  Error.stackTraceLimit = 0
  const error = Object.assign(new Error(`${code}: ${path}`), { code })
  Error.stackTraceLimit = stackTraceLimit
  return error
}

/** What this library uses of `node:fs/promises`, on a disk in memory, with faults at chosen calls. */
export class DiskCalls {
  /** How many calls there were. */
  count = 0
  /** Asked at each call, which are numbered from 1. */
  fault: (call: number, name: string) => Fault | undefined = () => undefined

  constructor(readonly disk: Disk) {}

  async mkdir(path: string): Promise<void> {
    this.#begin('mkdir', path)
    const { folder, name, node } = this.#find(path)
    if (node !== undefined) throw failure('EEXIST', path)
    this.disk.make(folder, name, true)
  }

  async lstat(path: string): Promise<{ isDirectory(): boolean }> {
    this.#begin('lstat', path)
    const { entries } = this.#there(path)
    return { isDirectory: () => entries !== undefined }
  }

  async stat(path: string): Promise<{ readonly size: number; isDirectory(): boolean }> {
    this.#begin('stat', path)
    const { entries, text } = this.#there(path)
    return { size: Buffer.byteLength(text), isDirectory: () => entries !== undefined }
  }

  async readdir(path: string): Promise<string[]> {
    this.#begin('readdir', path)
    return [...(this.#there(path).entries?.keys() ?? [])]
  }

  async readFile(path: string): Promise<string> {
    this.#begin('readFile', path)
    return this.#there(path).text
  }

  async rename(from: string, to: string): Promise<void> {
    this.#begin('rename', from)
    const source = this.#find(from)
    if (source.node === undefined) throw failure('ENOENT', from)
    const target = this.#find(to)
    this.disk.happen({ do: 'link', folder: target.folder.id, name: target.name, node: source.node.id })
    this.disk.happen({ do: 'unlink', folder: source.folder.id, name: source.name, node: source.node.id })
  }

  async rm(path: string): Promise<void> {
    this.#begin('rm', path)
    const { folder, name, node } = this.#find(path)
    // Every caller forces it.
    if (node !== undefined) this.#unlink(folder, name, node)
  }

  async open(path: string, flags: string): Promise<object> {
    this.#begin('open', path)
    const { folder, name, node } = this.#find(path)
    if (flags === 'wx' && node !== undefined) throw failure('EEXIST', path)
    if (flags !== 'wx' && node === undefined) throw failure('ENOENT', path)
    const opened = node ?? this.disk.make(folder, name, false)
    return {
      writeFile: async (text: string) => {
        const fault = this.#fault('writeFile')
        const done = fault === undefined ? text : text.slice(0, fault.half ? text.length >> 1 : 0)
        this.disk.happen({ do: 'write', node: opened.id, text: done })
        if (fault !== undefined) throw failure(fault.code, path)
      },
      sync: async () => {
        this.#begin('sync', path)
        this.disk.happen({ do: 'sync', node: opened.id })
      },
      close: async () => {},
      createReadStream: async function* () {
        yield Buffer.from(opened.text)
      },
    }
  }

  #unlink(folder: DiskNode, name: string, node: DiskNode): void {
    for (const [inner, child] of [...(node.entries ?? [])]) this.#unlink(node, inner, child)
    this.disk.happen({ do: 'unlink', folder: folder.id, name, node: node.id })
  }

  #fault(name: string): Fault | undefined {
    return this.fault(++this.count, name)
  }

  #begin(name: string, path: string): void {
    const fault = this.#fault(name)
    if (fault !== undefined) throw failure(fault.code, path)
  }

  #there(path: string): DiskNode {
    const { node } = this.#find(path)
    if (node === undefined) throw failure('ENOENT', path)
    return node
  }

  #find(path: string): {
    readonly folder: DiskNode
    readonly name: string
    readonly node: DiskNode | undefined
  } {
    const names = path.split('/').filter((name) => name !== '')
    const name = names.pop()
    if (name === undefined) return { folder: this.disk.root, name: '', node: this.disk.root }
    let folder = this.disk.root
    for (const one of names) {
      const next = folder.entries?.get(one)
      if (next === undefined) throw failure('ENOENT', path)
      folder = next
    }
    return { folder, name, node: folder.entries?.get(name) }
  }
}
