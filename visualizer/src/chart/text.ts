/** Weight and size, as CSS writes them. */
export type Font = string

/** Pixels that a text takes. */
export type Measure = (text: string, font: Font) => number

export const FAMILY = 'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'

/** The most of the width that an end takes. */
const END_SHARE = 0.7

/** The text with its end, or as much of it as fits, with a mark: the end is cut only where nothing else would be left. */
export function fitted(text: string, font: Font, width: number, measure: Measure, end = ''): string {
  if (measure(text + end, font) <= width) return text + end
  if (end !== '') {
    const kept = fitted(end, font, width * END_SHARE, measure)
    return fitted(text, font, width - measure(kept, font), measure) + kept
  }
  let fits = 0
  let not = text.length
  while (not - fits > 1) {
    const middle = (fits + not) >> 1
    if (measure(`${text.slice(0, middle)}…`, font) <= width) fits = middle
    else not = middle
  }
  return `${text.slice(0, fits)}…`
}

/** Measures by the canvas, and each text once. */
export function canvasMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d')
  const known = new Map<string, number>()
  return (text, font) => {
    const key = `${font}\n${text}`
    let width = known.get(key)
    if (width === undefined) {
      if (context !== null) context.font = `${font} ${FAMILY}`
      width = context?.measureText(text).width ?? text.length * 7
      known.set(key, width)
    }
    return width
  }
}
