import type { Cell } from './matrix.js'

/** A line of the matrix: a state, what comes next, and one cell for each kind. */
export interface Row {
  readonly state: string
  readonly next: string
  /** By kind; a kind that cannot come before this has none. */
  readonly cells: ReadonlyMap<string, Cell>
}

/** The cells line by line, and the kinds that head the columns. */
export function rowsOf(cells: readonly Cell[]): {
  readonly kinds: readonly string[]
  readonly rows: readonly Row[]
} {
  const rows = new Map<string, { state: string; next: string; cells: Map<string, Cell> }>()
  for (const cell of cells) {
    const name = JSON.stringify([cell.state, cell.next])
    const row = rows.get(name) ?? { state: cell.state, next: cell.next, cells: new Map() }
    row.cells.set(cell.kind, cell)
    rows.set(name, row)
  }
  return { kinds: [...new Set(cells.map(({ kind }) => kind))], rows: [...rows.values()] }
}

/** What stands in a cell: how often, `–` where it cannot be, nothing where the kind does not apply. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  if (cell.cannot) return '–'
  return cell.count === 0 ? 'EMPTY' : String(cell.count)
}
