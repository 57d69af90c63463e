import type { ELK } from 'elkjs/lib/elk-api.js'
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url'
import { later } from '../shell/later.js'
import { ownScript } from '../trusted.js'
import type { Figure } from './figure.js'
import { type Direction, type Drawing, drawingOf, graphOf } from './graph.js'

/** Drawings that are kept; a page shows few charts, folded in many ways. */
const MOST_KEPT = 100
/** A layout that takes longer is not waited for: rows do, or the list. */
const PATIENCE_MS = 5000

const kept = new Map<string, Promise<Drawing>>()
const rows = later(() => import('./rows/lay-out.js'))
const api = later(() => import('elkjs/lib/elk-api.js'))
// With its worker, which a server that is gone has no more.
later(() => engine())
let started: Promise<ELK> | undefined
/** The layout before: the engine has one thread, and whoever waits for another one is not to lose patience with it. */
let before: Promise<unknown> = Promise.resolve()

/**
 * Lays a figure out, and each only once: in a worker, or at once in rows where it is large. `name` is the same for the same figure; `isTall`:
 * its window is.
 */
export function layOut(
  figure: Figure,
  name: string,
  direction: Direction,
  isTall: boolean,
): Promise<Drawing> {
  const stacks = isTall && direction === 'DOWN'
  const key = `${direction} ${stacks} ${figure.isLarge} ${name}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const drawing = laidOut(figure, direction, stacks)
  // What has failed once may be tried again.
  drawing.catch(() => kept.delete(key))
  kept.set(key, drawing)
  const [oldest] = kept.size > MOST_KEPT ? kept.keys() : []
  if (oldest !== undefined) kept.delete(oldest)
  return drawing
}

async function laidOut(figure: Figure, direction: Direction, stacks: boolean): Promise<Drawing> {
  if (figure.isLarge) return (await rows.get()).laidOutInRows(figure, direction)
  const own = before.then(() => laidOutByElk(figure, direction, stacks))
  before = own.catch(() => {})
  return own
}

async function laidOutByElk(figure: Figure, direction: Direction, stacks: boolean): Promise<Drawing> {
  const elk = await engine()
  let patience: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    patience = setTimeout(() => {
      // It works on, and nothing else would be done before.
      elk.terminateWorker()
      started = undefined
      reject(new Error(`The layout took more than ${PATIENCE_MS / 1000} s.`))
    }, PATIENCE_MS)
  })
  try {
    return drawingOf(await Promise.race([elk.layout(graphOf(figure, direction, stacks)), late]))
  } finally {
    clearTimeout(patience)
  }
}

/** The layout engine, which is started once. */
function engine(): Promise<ELK> {
  started ??= start().catch((error: unknown) => {
    started = undefined
    throw error
  })
  return started
}

/** Loads the layout engine; the page shows everything else before. */
async function start(): Promise<ELK> {
  const { default: Elk } = await api.get()
  const url = new URL(elkWorkerUrl, import.meta.url).href
  return new Promise((resolve, reject) => {
    const worker = new Worker(ownScript(url))
    worker.onerror = (event) => {
      event.preventDefault()
      started = undefined
      reject(new Error('The layout engine could not be loaded.'))
    }
    const engine = new Elk({ workerFactory: () => worker })
    // The first answer: from then on errors are those of one layout.
    engine.knownLayoutAlgorithms().then(() => resolve(engine), reject)
  })
}
