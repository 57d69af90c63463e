import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { SUPERVISOR_CHECKS } from '../../src/runtime/supervisor-checks.js'
import { describeSnippets, pageOf } from './snippets.js'

describeSnippets('docs/services.md', 1)

/** The options that the table under a heading names, in its order. */
function named(heading: string): string[] {
  const [, section = ''] = pageOf('docs/services.md').split(`## \`${heading}\`\n`)
  const [table = ''] = section.split('\n## ')
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, option = '']) => option)
}

test('every option of a definition is in its table, and no other', () => {
  // The refusal of one that does not exist lists all.
  const refused = () => defineService({ none: 1 } as unknown as Parameters<typeof defineService>[0])
  expect(named('defineService')).not.toEqual([])
  expect(refused).toThrow(`There is no option none. Give ${named('defineService').join(', ')}.`)
})

test('every option of a supervisor is in its table, and no other', () => {
  expect(named('createSupervisor')).toEqual(Object.keys(SUPERVISOR_CHECKS))
})
