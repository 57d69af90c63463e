import type { ComponentChildren, JSX } from 'preact'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import { later, withPart } from '../shell/later.js'
import { save } from './save.js'

const picture = later(() => import('./picture.js'))
const mermaid = later(() => import('./mermaid.js'))

/** The chart as a file: as it is drawn now, or as text. */
export function ChartExports({
  chart,
  drawing,
  size,
  children,
}: {
  readonly chart: Chart
  /** Undefined where the chart is a list. */
  readonly drawing: () => SVGSVGElement | null
  readonly size: { readonly width: number; readonly height: number } | undefined
  readonly children?: ComponentChildren
}): JSX.Element {
  async function savePicture(kind: 'svg' | 'png'): Promise<void> {
    const element = drawing()
    if (element === null || size === undefined) return
    await withPart(picture, async ({ pngOf, svgOf }) => {
      const svg = svgOf(element, size)
      if (kind === 'svg') save(`${chart.id}.svg`, svg, 'image/svg+xml')
      else save(`${chart.id}.png`, await pngOf(svg, size))
    })
  }
  const saveMermaid = () => withPart(mermaid, ({ mermaidOf }) => save(`${chart.id}.mmd`, mermaidOf(chart)))
  return (
    <span class="group exports" role="toolbar" aria-label="Export the chart">
      {size !== undefined && (
        <>
          <button type="button" onClick={() => void savePicture('svg')}>
            SVG
          </button>
          <button type="button" onClick={() => void savePicture('png')}>
            PNG
          </button>
        </>
      )}
      <button type="button" onClick={() => void saveMermaid()}>
        Mermaid
      </button>
      {children}
    </span>
  )
}
