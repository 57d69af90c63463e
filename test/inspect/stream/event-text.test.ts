import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hiding, type Redact } from '../../../src/inspect/redact.js'
import { shown } from '../../../src/inspect/shown.js'
import { eventText } from '../../../src/inspect/stream/event-text.js'
import { STREAM_LIMITS } from '../../../src/inspect/stream/view.js'

const names = fc.constantFrom('a', 'pin', '__proto__', 'toJSON')
const values = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ maxLength: 3 }),
  fc.constantFrom(null, undefined, 1n, [1], { pin: 1 }, 'x'.repeat(2000)),
)
const events = fc
  .tuple(fc.constantFrom('GO', 'pin'), fc.array(fc.tuple(names, values), { maxLength: 3 }))
  .map(([type, fields]) => ({ ...Object.fromEntries(fields), type }))

test.each<[string, Redact | undefined]>([
  ['nothing is hidden', undefined],
  ['names are', ['pin', /^__/]],
  ['the type is', ['type']],
  ['the whole is', ['event']],
  ['a function hides', (value) => (value === 'GO' || value === 1 ? '[hidden]' : value)],
])('where %s, an event is told just as it is shown', (_, redact) => {
  const hide = hiding(redact)
  fc.assert(
    fc.property(events, (event) => {
      expect(JSON.parse(eventText(event, hide))).toEqual(
        JSON.parse(JSON.stringify(shown(event, 'event', hide, STREAM_LIMITS))),
      )
    }),
    { numRuns: 500 },
  )
})
