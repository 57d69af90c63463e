import type { Host, HostDescription } from '../ports/host.js'
import { SURVIVES } from './survives.js'

/** A host that says what its platform tells. */
export function described(host: Host, description: HostDescription): Host {
  return Object.assign(host, { description })
}

/**
 * What a host's platform tells, what it does not, how long there is, and what survives what: a table in Markdown.
 *
 * @example
 * ```ts
 * console.log(describeHost(nodeHost()))
 * ```
 */
export function describeHost({ description }: Host): string {
  if (description === undefined) return 'This host does not say what its platform tells.'
  const { platform, tells, silent, time, lives, survives } = {
    ...SURVIVES.get(description.platform),
    ...description,
  }
  const rows = Object.entries(tells).map(([interruption, when]) => `| \`${interruption}\` | ${when} |`)
  return [
    `| ${platform} tells | when |`,
    '|---|---|',
    ...rows,
    `| nothing | ${silent.join('; ')} |`,
    `| time | ${time} |`,
    ...(lives === undefined ? [] : [`| lives | ${lives} |`]),
    ...(survives === undefined ? [] : [`| survives | ${survives} |`]),
  ].join('\n')
}
