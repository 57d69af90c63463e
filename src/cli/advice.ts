import { argument } from './format.js'
import type { Output } from './output.js'

/** Advice whose commands are called as this one was, and reach its store: where it was named with --store, they name it too. */
export function advice({ store, command }: Pick<Output, 'store' | 'command'>, text: string): string {
  const named = store === undefined ? '' : ` --store ${argument(store)}`
  return text
    .replaceAll(/`tardigrade(?= \w)/g, (called) => called + named)
    .replaceAll(/`tardigrade(?= )/g, () => `\`${command}`)
}
