// A cast, because the ES2023 library does not declare what Node 20 and newer browsers have.
const native = (String.prototype as { isWellFormed?: (this: string) => boolean }).isWellFormed

/** Whether UTF-8 can keep the text: it holds no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return native === undefined ? !/\p{Surrogate}/u.test(text) : native.call(text)
}
