import { type Ran, reachedOf, verdictOf } from './goals.js'
import { type Figure, TOTALS } from './part.js'

/** What a page of figures is about. */
export interface Page extends Ran {
  readonly seed: number
  readonly node: string
}

const THIN_SPACE = '\u2009'

function count(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE)
}

function row(part: string, { what, reached, goal }: Figure): string {
  return `| ${part} | ${what} | ${count(reached)} | ${goal === undefined ? '' : count(goal)} |`
}

/** The figures of a run, as Markdown. */
export function pageOf(page: Page): string {
  const { seed, minutes, node, reports, isWhole } = page
  const rows = [...reports].flatMap(([part, { figures }]) => figures.map((figure) => row(part, figure)))
  if (isWhole) {
    for (const [what, goal] of Object.entries(TOTALS))
      rows.push(row('together', { what, reached: reachedOf(what, reports), goal }))
  }
  const violations = [...reports].flatMap(([part, report]) =>
    report.violations.map((violation) => `### ${part}\n\n\`\`\`\n${violation}\n\`\`\``),
  )
  return `${[
    '# What the library’s own proof has tried',
    `Written by \`npm run test:deep -- --minutes ${minutes} --seed ${seed}\`, on Node ${node}. The goals are those of ten minutes on two cores.`,
    ['| part | what | reached | goal |', '|---|---|--:|--:|', ...rows].join('\n'),
    ...verdictOf(page).lines.map((line) => `**${line}**`),
    ...violations,
  ].join('\n\n')}\n`
}
