import { neverReachedLines } from './never-reached.js'
import type { ReportFigures, ReportJson, SequenceTried } from './report.js'
import { cellText, rowsOf } from './rows.js'

/** A report for a terminal: what was done, and the matrix with its empty cells, which sequences do not have. */
export function reportText(report: ReportJson): string {
  const more = report.sequences === undefined ? ['', ...matrixLines(report)] : []
  return [...summary(report), ...more].join('\n')
}

/** The figures as sentences. */
export function summary(report: ReportJson): readonly string[] {
  const { service, version, mode, runs, steps, fromCorpus, seed, states, crashPoints, isolated } = report
  return [
    `${service}, version ${version}: ${runs} plans, ${steps} steps compared, ${NAMES[mode]}.`,
    ...(isolated ? [isolatedLine(report)] : []),
    ...(fromCorpus === 0 ? [] : [`${fromCorpus} of them from the corpus.`]),
    ...failedLines(report),
    ...(states === undefined
      ? []
      : [`${states} states were told apart${report.bounds?.key === true ? ' by `key`' : ''}.`]),
    ...(crashPoints === undefined
      ? []
      : [`${crashPoints.commits} moments around commits and ${crashPoints.effects} around effects.`]),
    ...(report.sequences ?? []).map(sequenceLine),
    ...(report.timersAsDeadlines
      ? ['Its timers were tried as those of policy `deadline`, and not under their own.']
      : []),
    ...(seed === undefined ? [] : [`Seed: ${seed}.`]),
    ...neverReachedLines(report),
    ...(report.neverMet.length === 0
      ? []
      : [
          `Never asked for, or never done: ${report.neverMet.join(', ')}. These options have said nothing here.`,
        ]),
    // Where only given sequences are tried, all but a few cells would be.
    ...(report.sequences === undefined ? [cellsLine(report)] : []),
  ]
}

/** Under so many plans in processes of their own little was tried. */
const MANY = 100

/** Whether too few plans by chance were run for anybody to rely on: each takes seconds in processes of its own. */
export const isFew = ({ isolated, mode, runs }: ReportFigures) => isolated && mode === 'random' && runs < MANY

function isolatedLine(report: ReportJson): string {
  const held = 'Each life had a process of its own.'
  if (!isFew(report)) return held
  const { runs, cells } = report
  const tried = cells.filter(({ count }) => count > 0).length
  return `${held} That is little: ${runs} plans, which tried ${tried} of ${cells.length} cells. What only some events in some states show may be missed: give more \`runs\` (--runs).`
}

const cellsLine = ({ empty, cells }: ReportJson) =>
  empty === 0 ? `No cell of ${cells.length} is empty.` : `${empty} of ${cells.length} cells are empty.`

function sequenceLine({ steps, states, commits, effects }: SequenceTried, index: number): string {
  return `Sequence ${index + 1}: ${steps.join('; ')}. ${commits} moments around commits and ${effects} around effects; it was in ${states.join(', ')}.`
}

/** Failing is part of some machines' lives, and a defect of others: the author knows which. */
function failedLines({ failed, runs }: ReportJson): readonly string[] {
  return Object.entries(failed).map(
    ([error, plans]) => `The machine failed by itself in ${plans} of ${runs} plans: ${error}.`,
  )
}

const NAMES: Readonly<Record<ReportJson['mode'], string>> = {
  random: 'at random',
  exhaustive: 'every state, interruption and next event',
  crashPoints: 'every commit and effect',
}

function matrixLines({ cells }: ReportJson): readonly string[] {
  const { kinds, rows } = rowsOf(cells)
  const table = [
    ['state', 'next', ...kinds],
    ...rows.map(({ state, next, cells: row }) => [
      state,
      next,
      ...kinds.map((kind) => cellText(row.get(kind))),
    ]),
  ]
  const widths = ['', '', ...kinds].map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  )
  return table.map((line) =>
    line
      .map((text, column) =>
        column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}
