import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import { mermaidOf } from './mermaid.js'
import { pngOf, svgOf } from './picture.js'
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
  const svg = (): string | undefined => {
    const element = drawing()
    return element === null || size === undefined ? undefined : svgOf(element, size)
  }
  async function savePng(): Promise<void> {
    const text = svg()
    if (text === undefined || size === undefined) return
    try {
      save(`${chart.id}.png`, await pngOf(text, size))
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error)
    }
  }
  return (
    <span class="group exports" role="toolbar" aria-label="Export the chart" title={problem.value}>
      {size !== undefined && (
        <>
          <button type="button" onClick={() => save(`${chart.id}.svg`, svg() ?? '', 'image/svg+xml')}>
            SVG
          </button>
          <button type="button" onClick={() => void savePng()}>
            PNG
          </button>
        </>
      )}
      <button type="button" onClick={() => save(`${chart.id}.mmd`, mermaidOf(chart))}>
        Mermaid
      </button>
      {children}
    </span>
  )
}
