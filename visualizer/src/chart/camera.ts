import { type Signal, signal } from '@preact/signals'
import { select } from 'd3-selection'
import { type ZoomBehavior, type ZoomTransform, zoom, zoomIdentity } from 'd3-zoom'
import 'd3-transition'
import type { Rectangle } from './graph.js'

const CLOSEST = 4
const FARTHEST = 0.04
/** A small chart is not blown up. */
const LARGEST_FIT = 1.25
/** Smaller than this nobody reads names: then a part is shown, as large as one reads it well. */
const LEAST_READABLE = 0.55
const READABLE = 0.72
/** Around the drawing; a small window has less to give. */
const MARGIN = 28
const TRAVEL_MS = 260
const TALL = 1.2
/** The most of the window's width and height that a map of the whole takes, in the right lower corner. */
export const MAP_SHARE = 0.3

interface Size {
  readonly width: number
  readonly height: number
}

/** What of the drawing is seen: moved by wheel, drag, pinch, and by what the page asks. */
export class Camera {
  /** No method subscribes to it: who moves the view in an effect would move it again and again. */
  readonly transform: Signal<ZoomTransform> = signal(zoomIdentity)
  /** The window's size, for who follows it. */
  readonly room: Signal<Size>
  readonly #zoom: ZoomBehavior<SVGSVGElement, unknown>
  #drawing = { width: 0, height: 0 }
  /** What is done again when the window has another size. */
  #reframe: (() => void) | undefined

  constructor(private readonly svg: SVGSVGElement) {
    this.room = signal(this.size)
    this.#zoom = zoom<SVGSVGElement, unknown>()
      .scaleExtent([FARTHEST, CLOSEST])
      // It would ask an SVG that is not shown for lengths that this does not have then, which throws.
      .extent(() => [
        [0, 0],
        [svg.clientWidth, svg.clientHeight],
      ])
      // A double click folds.
      .filter((event: MouseEvent) => event.type !== 'dblclick' && event.button === 0)
      .on(
        'zoom',
        ({
          transform,
          sourceEvent,
        }: {
          readonly transform: ZoomTransform
          readonly sourceEvent: unknown
        }) => {
          // Whoever has moved it does not want it moved.
          if (sourceEvent) this.#reframe = undefined
          this.transform.value = transform
        },
      )
    select(svg).call(this.#zoom)
  }

  get size(): Size {
    return { width: this.svg.clientWidth, height: this.svg.clientHeight }
  }

  /** Whether the window is much higher than wide, as that of a phone. */
  get isTall(): boolean {
    const { width, height } = this.room.value
    return height > width * TALL
  }

  get #margin(): number {
    const { width, height } = this.size
    return Math.min(MARGIN, width / 24, height / 12)
  }

  /** Shows all of a drawing of this size. */
  showAll(drawing: Size, travels: boolean): void {
    this.#drawing = drawing
    const { width, height } = this.size
    if (width === 0 || height === 0 || drawing.width === 0) return
    const k = Math.max(FARTHEST, Math.min(LARGEST_FIT, ...this.#fits(drawing)))
    const to = zoomIdentity
      .translate((width - drawing.width * k) / 2, (height - drawing.height * k) / 2)
      .scale(k)
    this.#go(to, travels)
  }

  /** Shows all of a drawing, or as much as can be read: from its beginning on where one of the places is there, else around one. */
  begin(drawing: Size, places: readonly Rectangle[]): void {
    this.showAll(drawing, false)
    const [place] = [...places].sort((a, b) => a.x + a.y - b.x - b.y)
    if (this.size.width > 0 && this.transform.peek().k < LEAST_READABLE && place !== undefined)
      this.#goNear(drawing, place)
    this.#reframe = () => this.begin(drawing, places)
  }

  /** Keeps one of the places in sight, unless somebody has moved the view to where they want it. */
  follow(drawing: Size, places: readonly Rectangle[]): void {
    if (this.#reframe === undefined || places.some((place) => this.#isSeen(place))) return
    this.begin(drawing, places)
  }

  refit(): void {
    this.showAll(this.#drawing, true)
    this.#reframe = () => this.showAll(this.#drawing, false)
  }

  /** The window has another size. */
  resized(): void {
    this.room.value = this.size
    this.#reframe?.()
  }

  by(factor: number): void {
    this.#reframe = undefined
    this.#zoom.scaleBy(select(this.svg), factor)
  }

  pan(x: number, y: number): void {
    this.#reframe = undefined
    this.#zoom.translateBy(select(this.svg), x / this.transform.peek().k, y / this.transform.peek().k)
  }

  /** Moves so that a place is in the middle, near enough to be read. */
  centre({ x, y, width, height }: Rectangle, travels = true): void {
    const view = this.size
    const k = Math.max(this.transform.peek().k, READABLE)
    const to = zoomIdentity
      .translate(view.width / 2 - (x + width / 2) * k, view.height / 2 - (y + height / 2) * k)
      .scale(k)
    this.#go(to, travels)
  }

  /** Where a place of the drawing is seen in the window, for who follows it. */
  onScreen({ x, y, width, height }: Rectangle): Rectangle {
    const { x: left, y: top, k } = this.transform.value
    return { x: x * k + left, y: y * k + top, width: width * k, height: height * k }
  }

  /** Moves no more than is needed to show a place. */
  show(place: Rectangle): void {
    if (!this.#isSeen(place)) this.centre(place)
  }

  #isSeen(place: Rectangle): boolean {
    const { x, y, k } = this.transform.peek()
    const view = this.size
    const [left, top] = [place.x * k + x, place.y * k + y]
    return (
      left >= 0 && top >= 0 && left + place.width * k <= view.width && top + place.height * k <= view.height
    )
  }

  /** At which scales all of its width, and all of its height, are in the window. */
  #fits(drawing: Size): readonly number[] {
    const { width, height } = this.size
    const margins = 2 * this.#margin
    return [(width - margins) / drawing.width, (height - margins) / drawing.height]
  }

  /** From the beginning of the drawing on, or, where the place is not to be seen from there, with it near the middle. */
  #goNear(drawing: Size, place: Rectangle): void {
    const { width, height } = this.size
    const margin = this.#margin
    // Whole in one direction where it can be read so: then one goes through it in the other alone.
    const best = Math.max(...this.#fits(drawing))
    const k = best < LEAST_READABLE ? READABLE : Math.min(READABLE, best)
    const around = (at: number, length: number, all: number, view: number) =>
      Math.max(view - margin - all * k, Math.min(margin, view / 2 - (at + length / 2) * k))
    const along = (at: number, length: number, all: number, view: number) => {
      if (all * k <= view - 2 * margin) return (view - all * k) / 2
      return (at + length) * k <= view - 2 * margin ? margin : around(at, length, all, view)
    }
    const x = along(place.x, place.width, drawing.width, width)
    const y = along(place.y, place.height, drawing.height, height)
    const [right, bottom] = [(place.x + place.width) * k + x, (place.y + place.height) * k + y]
    const isCovered = right > width * (1 - MAP_SHARE) && bottom > height * (1 - MAP_SHARE)
    const free = isCovered ? Math.min(y, around(place.y, place.height, drawing.height, height)) : y
    this.#go(zoomIdentity.translate(x, free).scale(k), false)
  }

  #go(to: ZoomTransform, travels: boolean): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (travels && !still) select(this.svg).transition().duration(TRAVEL_MS).call(this.#zoom.transform, to)
    else select(this.svg).call(this.#zoom.transform, to)
  }
}
