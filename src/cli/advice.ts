import { argument } from './format.js'
import type { Output } from './output.js'

/** Advice whose commands reach the store of this one: where it was named with --store, they name it too. */
export function advice({ store }: Pick<Output, 'store'>, text: string): string {
  return store === undefined
    ? text
    : text.replaceAll(/`tardigrade (?=\w)/g, () => `\`tardigrade --store ${argument(store)} `)
}
