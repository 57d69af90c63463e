import type { Summary } from '../store/service.js'

/** Of a row with the state beside the key, in pixels. */
const ROW = 58
/** What a row needs but for the lines of its state, and each of those. */
const [OTHERWISE, LINE] = [53, 15]
/** More are told by the tooltip, and beside the chart. */
const MOST_LINES = 3
/** Roughly, and rather too wide than too narrow: of a character of the key, and of the state below it. */
const [KEY_WIDTH, WIDTH] = [8, 6.4]
/** What of the list's width is not the text's. */
const BESIDE = 46

/** Whether a machine is in states of several regions, which are written `{ left.a, right.b }`. */
export function isOfRegions({ machine }: Pick<Summary, 'machine'>): boolean {
  return machine.includes(', ')
}

/** How many lines below its key the states of a service's regions need in a list of this width in pixels: none where they fit beside it. */
export function stateLines(summary: Pick<Summary, 'key' | 'machine'>, width: number): number {
  const { key, machine } = summary
  if (!isOfRegions(summary) || key.length * KEY_WIDTH + machine.length * WIDTH <= roomIn(width)) return 0
  return Math.min(MOST_LINES, linesOf(machine, width))
}

/** As many of the states of a service's regions as a row has room for below its key, and how many more there are. */
export function shownStates(machine: string, width: number): string {
  const regions = machine.split(', ')
  let [text, count] = [machine, regions.length]
  while (count > 1 && linesOf(text, width) > MOST_LINES)
    text = `${regions.slice(0, --count).join(', ')}, … and ${regions.length - count} more }`
  return text
}

function roomIn(width: number): number {
  return Math.max(1, width - BESIDE)
}

function linesOf(text: string, width: number): number {
  const room = roomIn(width)
  let [lines, used] = [1, 0]
  for (const word of text.split(' ')) {
    if (used > 0 && used + word.length * WIDTH > room) [lines, used] = [lines + 1, 0]
    used += word.length * WIDTH
    // One that is wider than a line is broken.
    for (; used > room && lines <= MOST_LINES; used -= room) lines++
    used += WIDTH
  }
  return lines
}

/** Height in pixels of every row of a list in which the states of one need so many lines below their key. */
export function rowHeight(lines: number): number {
  return lines === 0 ? ROW : OTHERWISE + lines * LINE
}
