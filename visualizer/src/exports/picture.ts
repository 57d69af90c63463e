import { FAMILY } from '../chart/text.js'

const SVG = 'http://www.w3.org/2000/svg'
const MARGIN = 24
/** Pixels of a picture for each of the drawing, and at most in all: browsers draw no larger canvas. */
const SCALE = 2
const LARGEST = 8192

/** What of a style is told to whoever has no style sheet of this page. */
const TOLD = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'font-size',
  'font-weight',
  'paint-order',
  'opacity',
]

/** A chart that the page shows, whole, as an SVG document of its own: every style is in it, and nothing that could run. */
export function svgOf(
  drawing: SVGSVGElement,
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const document = drawing.ownerDocument.implementation.createDocument(SVG, 'svg', null)
  const root = document.documentElement
  const [wide, high] = [Math.ceil(width + 2 * MARGIN), Math.ceil(height + 2 * MARGIN)]
  root.setAttribute('width', `${wide}`)
  root.setAttribute('height', `${high}`)
  root.setAttribute('viewBox', `${-MARGIN} ${-MARGIN} ${wide} ${high}`)
  root.setAttribute('font-family', FAMILY)
  const ground = document.createElementNS(SVG, 'rect')
  const place = {
    x: -MARGIN,
    y: -MARGIN,
    width: wide,
    height: high,
    fill: getComputedStyle(drawing.ownerDocument.body).backgroundColor,
  }
  for (const [name, value] of Object.entries(place)) ground.setAttribute(name, `${value}`)
  root.append(ground)
  for (const child of drawing.children) {
    const copy = copied(child, document)
    // Where the camera stands is no part of the picture.
    if (child.localName === 'g') copy.removeAttribute('transform')
    root.append(copy)
  }
  return new XMLSerializer().serializeToString(document)
}

/** An SVG as a PNG, twice as fine where that is not too large. */
export async function pngOf(
  svg: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const scale = Math.min(SCALE, LARGEST / Math.max(width + 2 * MARGIN, height + 2 * MARGIN))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round((width + 2 * MARGIN) * scale)
    canvas.height = Math.round((height + 2 * MARGIN) * scale)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) =>
        blob === null ? reject(new Error('The picture is too large.')) : resolve(blob),
      ),
    )
  } finally {
    URL.revokeObjectURL(url)
  }
}

const KEPT = [
  'd',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'r',
  'rx',
  'width',
  'height',
  'transform',
  'text-anchor',
]
const OF_MARKERS = [
  'viewBox',
  'refX',
  'refY',
  'markerWidth',
  'markerHeight',
  'markerUnits',
  'orient',
  'marker-end',
]

function copied(element: Element, document: Document): Element {
  const copy = document.createElementNS(SVG, element.localName)
  for (const name of [...KEPT, ...OF_MARKERS]) {
    const value = element.getAttribute(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  if (element.localName === 'marker') copy.setAttribute('id', element.id)
  const style = getComputedStyle(element)
  if (element.children.length === 0 || element.localName === 'text')
    for (const name of TOLD) {
      const value = style.getPropertyValue(name)
      if (value !== '' && value !== 'normal' && value !== 'auto') copy.setAttribute(name, value)
    }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(document.createTextNode(child.textContent ?? ''))
    // What folds is no part of the picture either.
    else if (child instanceof Element && !child.classList.contains('folder'))
      copy.append(copied(child, document))
  }
  return copy
}
