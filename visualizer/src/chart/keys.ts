import type { ChartState } from '../../../src/inspect/chart/chart.js'
import type { Camera } from './camera.js'
import type { Drawn } from './heads.js'
import { type Arrow, nextState } from './steps.js'

/** What keys act on. */
interface Hands {
  readonly camera: Camera | undefined
  readonly drawn: Drawn | undefined
  /** The state that is chosen. */
  readonly chosen: string | undefined
  readonly states: readonly ChartState[]
  choose(id: string): void
  letGo(): void
  fold(id: string): void
  search(): void
}

const PANS: Readonly<Record<Arrow, readonly [number, number]>> = {
  ArrowLeft: [80, 0],
  ArrowRight: [-80, 0],
  ArrowUp: [0, 80],
  ArrowDown: [0, -80],
}

/** What a key means while a chart has the focus; undefined where it is none of the chart's. */
export function actionOf(event: KeyboardEvent, hands: Hands): (() => void) | undefined {
  const { key, shiftKey } = event
  const { camera, drawn, chosen, states } = hands
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  if (key === '+' || key === '=') return () => camera?.by(1.3)
  if (key === '-') return () => camera?.by(1 / 1.3)
  if (key === '0') return () => camera?.refit()
  if (key === '/') return () => hands.search()
  if (key === 'Escape') return () => hands.letGo()
  if (isArrow(key)) {
    if (shiftKey) return () => camera?.pan(...PANS[key])
    return () => {
      if (drawn === undefined) return
      const next = nextState(chosen ?? '', key, drawn.figure.root, drawn.drawing)
      if (next !== undefined) hands.choose(next)
    }
  }
  const isFolder = states.some((state) => state.id === chosen && state.states !== undefined)
  if ((key === 'Enter' || key === ' ') && chosen !== undefined && isFolder) return () => hands.fold(chosen)
  return undefined
}

function isArrow(key: string): key is Arrow {
  return Object.hasOwn(PANS, key)
}
