import { type Figure, type PartReport, TOTALS } from './part.js'

/** What a page of figures is about. */
export interface Page {
  readonly seed: number
  readonly minutes: number
  readonly node: string
  readonly reports: ReadonlyMap<string, PartReport>
}

const THIN_SPACE = '\u2009'

function count(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE)
}

function row(part: string, { what, reached, goal }: Figure): string {
  return `| ${part} | ${what} | ${count(reached)} | ${goal === undefined ? '' : count(goal)} |`
}

/** The figures of a run, as Markdown. */
export function pageOf({ seed, minutes, node, reports }: Page): string {
  const all = [...reports].flatMap(([part, { figures }]) => figures.map((figure) => ({ part, figure })))
  const rows = all.map(({ part, figure }) => row(part, figure))
  for (const [what, goal] of Object.entries(TOTALS)) {
    const counted = all.filter(({ figure }) => figure.countsAs === what)
    const reached = counted.reduce((sum, { figure }) => sum + figure.reached, 0)
    rows.push(row('together', { what, reached, goal }))
  }
  const violations = [...reports].flatMap(([part, report]) =>
    report.violations.map((violation) => `### ${part}\n\n\`\`\`\n${violation}\n\`\`\``),
  )
  return `${[
    '# What the library’s own proof has tried',
    `Written by \`npm run test:deep -- --minutes ${minutes} --seed ${seed}\`, on Node ${node}. The goals are those of ten minutes on two cores.`,
    ['| part | what | reached | goal |', '|---|---|--:|--:|', ...rows].join('\n'),
    violations.length === 0 ? '**Nothing was violated.**' : '## Violated',
    ...violations,
  ].join('\n\n')}\n`
}
