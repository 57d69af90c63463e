import type { Host, HostDescription } from '../ports/host.js'

/** A host that says what its platform tells. */
export function described(host: Host, description: HostDescription): Host {
  return Object.assign(host, { description })
}

/**
 * What a host's platform tells, what it does not, and how long there is: a table in Markdown.
 *
 * @example
 * ```ts
 * console.log(describeHost(nodeHost()))
 * ```
 */
export function describeHost({ description }: Host): string {
  if (description === undefined) return 'This host does not say what its platform tells.'
  const { platform, tells, silent, time } = description
  const rows = Object.entries(tells).map(([interruption, when]) => `| \`${interruption}\` | ${when} |`)
  return [
    `| ${platform} tells | when |`,
    '|---|---|',
    ...rows,
    `| nothing | ${silent.join('; ')} |`,
    `| time | ${time} |`,
  ].join('\n')
}
