import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import { save } from './save.js'

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
  const problem = useSignal<string | undefined>(undefined)
  /** What makes them is loaded when somebody wants one. */
  async function give(make: () => Promise<void>): Promise<void> {
    try {
      await make()
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error)
    }
  }
  async function savePicture(kind: 'svg' | 'png'): Promise<void> {
    const element = drawing()
    if (element === null || size === undefined) return
    const { pngOf, svgOf } = await import('./picture.js')
    const svg = svgOf(element, size)
    if (kind === 'svg') save(`${chart.id}.svg`, svg, 'image/svg+xml')
    else save(`${chart.id}.png`, await pngOf(svg, size))
  }
  async function saveMermaid(): Promise<void> {
    const { mermaidOf } = await import('./mermaid.js')
    save(`${chart.id}.mmd`, mermaidOf(chart))
  }
  return (
    <span class="group exports" role="toolbar" aria-label="Export the chart" title={problem.value}>
      {size !== undefined && (
        <>
          <button type="button" onClick={() => void give(() => savePicture('svg'))}>
            SVG
          </button>
          <button type="button" onClick={() => void give(() => savePicture('png'))}>
            PNG
          </button>
        </>
      )}
      <button type="button" onClick={() => void give(saveMermaid)}>
        Mermaid
      </button>
      {children}
    </span>
  )
}
