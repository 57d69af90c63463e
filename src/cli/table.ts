import Table from 'cli-table3'
import { printable, shorten } from './format.js'
import type { Output } from './output.js'

/** A column: its title, and which side its cells stand on. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const LONGEST_CELL = 72

/** cli-table3's time grows faster than the rows, so long tables are made in pieces of one width. */
const PIECE = 200

const BORDERLESS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
)

/**
 * Prints a table for people: no borders, a dim head, cells cut to a readable length.
 *
 * @param paint colours a cell's text, which is already cut and free of control characters
 */
export function printTable(
  output: Output,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paint: (text: string, column: number, row: number) => string = (text) => text,
): void {
  const cells = rows.map((row) => row.map((cell) => shorten(printable(cell), LONGEST_CELL)))
  const head = columns.map(({ title }) => output.colors.dim(title))
  const colWidths = cells.length > PIECE ? widths(columns, cells) : []
  for (let start = 0; start < Math.max(cells.length, 1); start += PIECE) {
    const table = new Table({
      ...(start === 0 ? { head } : {}),
      chars: { ...BORDERLESS, middle: '  ' },
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
      colAligns: columns.map(({ align = 'left' }) => align),
      colWidths,
    })
    for (const [index, row] of cells.slice(start, start + PIECE).entries()) {
      table.push(row.map((text, column) => paint(text, column, start + index)))
    }
    output.out(table.toString().replace(/[ \t]+$/gm, ''))
  }
}

/** Names and values below each other. */
export function printFacts(output: Output, facts: readonly (readonly [string, string])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length))
  for (const [name, value] of facts) {
    const lines = printable(value, true).replaceAll('\n', `\n${' '.repeat(width + 2)}`)
    output.out(`${output.colors.dim(name.padEnd(width))}  ${lines}`)
  }
}

function widths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map(({ title }, column) => {
    let width = title.length
    for (const row of rows) width = Math.max(width, columnsOf(row[column] ?? ''))
    return width
  })
}

/** Terminal columns of a text: East Asian characters and emoji take two. */
function columnsOf(text: string): number {
  const wide = text.match(
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/gu,
  )
  return [...text].length + (wide?.length ?? 0)
}
