/** Longest text that is remembered, and how many are. */
const SHORT = 200
const MOST = 1000

const texts = new Map<string, string>()

/** A text as JSON; those that come again and again, such as the types of events, are written once. */
export function jsonText(text: string): string {
  let json = texts.get(text)
  if (json === undefined) {
    json = JSON.stringify(text)
    if (texts.size < MOST && text.length < SHORT) texts.set(text, json)
  }
  return json
}

/** A text, a finite number or a boolean as JSON. */
export function leafJson(value: string | number | boolean): string {
  return typeof value === 'string' ? JSON.stringify(value) : `${value}`
}
