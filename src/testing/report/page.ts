import type { ReportJson, VerifyReport } from './report.js'
import { cellText, rowsOf } from './rows.js'
import { summary } from './text.js'

/** Names of states and events are the author's, and none of them may become markup. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d2733; background: #fff }
table { border-collapse: collapse; font-size: 14px }
th, td { border: 1px solid #c9d2dc; padding: .2rem .5rem; text-align: right; white-space: nowrap }
thead th { position: sticky; top: 0; background: #eef2f6 }
th[scope=row] { text-align: left; font-weight: 600 }
td.next { text-align: left }
td.filled { background: #dff3e4 }
td.cannot, td.none { color: #6b7784; background: #f5f7f9 }
td.empty { background: #b3261e; color: #fff; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  body { color: #e6ebf0; background: #14191f }
  th, td { border-color: #3a4653 }
  thead th { background: #202830 }
  td.filled { background: #1d4429 }
  td.cannot, td.none { color: #93a0ad; background: #1a2027 }
}`

/**
 * The report as one page for people: it needs nothing else, runs no script and loads nothing.
 *
 * @example
 * ```ts
 * writeFileSync('report.html', reportPage(await verifyInterruptions(order)))
 * ```
 */
export function reportPage(report: VerifyReport | ReportJson): string {
  const json = 'toJSON' in report ? report.toJSON() : report
  const title = `Interruptions of ${escaped(json.service)}`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}
</style>
<h1>${title}</h1>
${summary(json)
  .map((line) => `<p>${escaped(line)}</p>`)
  .join('\n')}
${json.sequences === undefined ? matrixTable(json) : ''}</html>
`
}

function matrixTable(json: ReportJson): string {
  const { kinds, rows } = rowsOf(json.cells)
  const head = ['state', 'next', ...kinds].map((name) => `<th scope="col">${escaped(name)}</th>`)
  const body = rows.map(({ state, next, cells }) => {
    const tried = kinds.map((kind) => {
      const cell = cells.get(kind)
      const text = cellText(cell)
      const look =
        cell === undefined ? 'none' : cell.cannot ? 'cannot' : cell.count === 0 ? 'empty' : 'filled'
      return `<td class="${look}">${text}</td>`
    })
    return `<tr><th scope="row">${escaped(state)}</th><td class="next">${escaped(next)}</td>${tried.join('')}</tr>`
  })
  return `<p>A number says how often a service in that state was interrupted so before that came next; – says that it cannot be
interrupted so there; EMPTY was not tried.</p>
<table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>
`
}
