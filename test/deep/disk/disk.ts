/** What happens to the disk, in order. Nodes are files and folders, whatever their names. */
export type DiskEvent =
  | { readonly do: 'link'; readonly folder: number; readonly name: string; readonly node: number }
  | { readonly do: 'unlink'; readonly folder: number; readonly name: string; readonly node: number }
  | { readonly do: 'write'; readonly node: number; readonly text: string }
  /** What was written to the file, or linked and unlinked in the folder, is durable. */
  | { readonly do: 'sync'; readonly node: number }

/** A file, or a folder with its entries. */
export interface DiskNode {
  readonly id: number
  readonly entries: Map<string, DiskNode> | undefined
  text: string
}

const ROOT = 0

/** A disk in memory, made of what has happened to it: any other past gives the disk that a fault would have left. */
export class Disk {
  readonly events: DiskEvent[] = []
  readonly root: DiskNode = { id: ROOT, entries: new Map(), text: '' }
  readonly #nodes = new Map<number, DiskNode>([[ROOT, this.root]])
  #next = ROOT + 1

  /** @param folders which nodes of the past are folders */
  constructor(past: readonly DiskEvent[] = [], folders: ReadonlySet<number> = new Set()) {
    for (const event of past) {
      if (event.do === 'link' && !this.#nodes.has(event.node)) this.#add(event.node, folders.has(event.node))
      // A name that did not outlive the power cut leads nowhere, and what was written there is lost with it.
      if (event.do === 'write' && !this.#nodes.has(event.node)) this.#add(event.node, false)
      if ('folder' in event && !this.#nodes.has(event.folder)) this.#add(event.folder, true)
      this.happen(event)
    }
    for (const id of folders) this.#next = Math.max(this.#next, id + 1)
  }

  get folders(): ReadonlySet<number> {
    return new Set(
      [...this.#nodes.values()].filter(({ entries }) => entries !== undefined).map(({ id }) => id),
    )
  }

  make(folder: DiskNode, name: string, isFolder: boolean): DiskNode {
    const node = this.#add(this.#next++, isFolder)
    this.happen({ do: 'link', folder: folder.id, name, node: node.id })
    return node
  }

  happen(event: DiskEvent): void {
    this.events.push(event)
    if (event.do === 'write') this.#node(event.node).text = event.text
    if (event.do === 'link') this.#node(event.folder).entries?.set(event.name, this.#node(event.node))
    if (event.do !== 'unlink') return
    const { entries } = this.#node(event.folder)
    if (entries?.get(event.name)?.id === event.node) entries.delete(event.name)
  }

  #add(id: number, isFolder: boolean): DiskNode {
    const node = { id, entries: isFolder ? new Map<string, DiskNode>() : undefined, text: '' }
    this.#nodes.set(id, node)
    this.#next = Math.max(this.#next, id + 1)
    return node
  }

  #node(id: number): DiskNode {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new Error(`the disk has no node ${id}`)
    return node
  }
}
