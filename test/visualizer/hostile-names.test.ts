import { expect, test } from 'vitest'
import { hostile, runNothing, walked } from './kit/hostile.js'
import { visiting } from './kit/page.js'
import { Recording } from './kit/recording.js'

/** Names that every object has, or that something else is done with. */
const NAMES = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'],
  ...['then', 'length', 'toJSON'],
]

const visits = visiting()

test('names that every object has are names like any other: as key, state, event, action, and field of a context', async () => {
  const recording = new Recording()
  // No machine has two states of one name.
  for (const name of NAMES) hostile(recording, (what) => (what === 'b' ? 'b' : name))
  const seen: string[] = []
  const exported = await walked(visits, recording, NAMES.length, async (page) => {
    const name = (await page.locator('.stage .title h2').textContent()) ?? ''
    seen.push(name)
    const labels = await page
      .locator('.drawing .box')
      .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')?.split(',')[0]))
    expect(labels).toEqual([name, name, 'b'])
    await page.locator('.drawing').getByText(name, { exact: true }).first().waitFor({ state: 'attached' })
    const moments = page.getByRole('listbox', { name: 'Moments' })
    await moments.press('End')
    const field = page
      .locator('.details')
      .getByRole('listitem')
      .filter({ hasText: `${name} "${name}"` })
    await field.first().waitFor()
    for (const [kind, text] of [
      ['effect', `action ${name} waits for its commit`],
      ['lifecycle', `${name}   ${name}`],
      ['event', `${name}   from ${name}`],
    ] as const)
      await moments.locator(`.kind-${kind} .text`).filter({ hasText: text }).first().waitFor()
  })
  expect(new Set(seen)).toEqual(new Set(NAMES))
  await runNothing(visits, exported)
}, 120_000)
