import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { chartOfConfig } from '../../../src/inspect/chart/chart-of.js'
import type { Visits } from './page.js'
import { LIFECYCLE, type Recording } from './recording.js'

/** Every way of these that runs tells the page so. */
export const RUN = 'window.executed=(window.executed||0)+1'
/** A service whose every text holds payloads, or is nothing but one. */
export function hostile(recording: Recording, named: (what: string) => string): void {
  const key = named('key')
  const chart = chartOfConfig({
    id: named('machine'),
    description: named('description'),
    initial: named('a'),
    states: {
      [named('a')]: {
        description: named('state'),
        tags: [named('tag')],
        entry: [named('entry')],
        exit: [named('exit')],
        invoke: { src: named('logic'), id: named('actor'), onDone: { actions: named('done') } },
        on: { [named('EVENT')]: { target: named('b'), guard: named('guard'), actions: [named('action')] } },
        after: { [named('delay')]: named('b') },
      },
      [named('b')]: { type: 'final', on: { [named('STAY')]: { actions: named('stays') } } },
    },
  })
  recording.messages.push({
    type: 'chart',
    hash: named(chart.hash),
    chart,
  })
  recording.add(key, {
    kind: 'service',
    definition: named('definition'),
    version: 1,
    chart: named(chart.hash),
    lifecycleChart: LIFECYCLE.hash,
  })
  recording.add(key, {
    kind: 'lifecycle',
    state: named('lifecycle'),
    event: named('lifecycle event'),
    failure: { message: named('failure') },
  })
  recording.add(key, { kind: 'hold', change: 'set', hold: named('hold'), by: named('by') })
  const context = { [named('field')]: named('value'), list: [named('item')] }
  recording.add(key, {
    kind: 'actor',
    actor: [],
    logic: '',
    snapshot: { status: 'active', value: named('a'), context },
  })
  recording.add(key, {
    kind: 'actor',
    actor: [named('child')],
    logic: named('logic'),
    snapshot: { status: named('status'), value: named('child value') },
  })
  recording.add(key, {
    kind: 'event',
    to: [],
    from: [named('from')],
    event: { type: named('EVENT'), data: named('data') },
  })
  recording.add(key, {
    kind: 'step',
    actor: [],
    event: named('EVENT'),
    microsteps: [
      {
        event: named('EVENT'),
        transitions: [{ source: named('machine'), targets: [named('b')], guard: named('guard') }],
      },
    ],
    changes: [{ path: ['context', named('field')], value: named('changed') }],
  })
  const what = {
    target: [],
    event: { type: named('timer') },
    delayMs: 5,
    dueAtMs: 5,
    policy: named('policy'),
  }
  recording.add(key, { kind: 'timer', change: 'set', actor: [], id: named('timer'), what })
  recording.add(key, {
    kind: 'inbox',
    change: 'accepted',
    event: { type: named('inbox') },
    eventKey: named('event key'),
  })
  const effect = {
    effectKind: 'action' as const,
    actor: [],
    name: named('effect'),
    params: { deep: named('params') },
  }
  recording.add(key, {
    kind: 'effect',
    effect: 1,
    change: 'waiting',
    what: effect,
    effectKey: named('effect key'),
  })
  recording.commit(key, named('phase'))
}

export interface Exported {
  readonly name: string
  readonly text: string
}

/** Goes through the first services of a recording, looks at what there is of each, and saves it in each way. */
export async function walked(
  visits: Visits,
  recording: Recording,
  services: number,
  look: (page: Page) => Promise<void> = async () => {},
): Promise<readonly Exported[]> {
  const { page, problems } = await visits.show(recording)
  const exported: Exported[] = []
  const exports = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.exports').getByRole('button', { name, exact: true }).click(),
    ])
    exported.push({ name, text: readFileSync(await download.path(), 'utf8') })
  }
  const list = page.getByRole('listbox', { name: 'Services' })
  await list.press('Home')
  for (let at = 0; at < services; at++) {
    await page.locator('.drawing .box').nth(2).waitFor()
    await page.locator('.drawing').press('ArrowDown')
    await page.locator('.card').waitFor()
    await page.getByRole('listbox', { name: 'Moments' }).press('Home')
    await page.locator('.inside').waitFor()
    // What is looked into differs by the service, so that everything is once.
    for (let down = 0; down < at % 10; down++) await page.keyboard.press('ArrowDown')
    for (const name of ['SVG', 'Mermaid', 'Test']) await exports(name)
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await page.locator('.chart-list').waitFor()
    // It would be a list at the next service, too.
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await look(page)
    await list.press('ArrowDown')
  }
  expect(await page.evaluate(() => (window as { executed?: number }).executed)).toBeUndefined()
  // Nor has the page’s policy had to refuse anything.
  expect(problems).toEqual([])
  expect(exported.length).toBe(services * 3)
  return exported
}

/** Files are opened where no policy keeps anything: as documents, and as markup of somebody who has put them into a page as they are. */
export async function runNothing(visits: Visits, exported: readonly Exported[]): Promise<void> {
  const { page, problems } = await visits.open('about:blank')
  const executed = () => page.evaluate(() => (window as { executed?: number }).executed)
  // The alarm rings.
  await page.setContent(`<img src=x onerror="${RUN}">`)
  await expect.poll(executed).toBe(1)
  for (const { name, text } of exported) {
    if (name === 'SVG') {
      await page.goto(`data:image/svg+xml,${encodeURIComponent(text)}`)
      expect(await page.locator('svg text').count()).toBeGreaterThan(1)
      expect(await executed()).toBeUndefined()
    }
    if (name === 'Test') continue
    await page.goto('about:blank')
    await page.setContent(`<pre>${text}</pre>`)
    await page.mouse.click(100, 100)
    expect(await page.locator('script, iframe, img, a, foreignObject, style').count()).toBe(0)
    expect(await executed()).toBeUndefined()
  }
  expect(problems.filter((problem) => !problem.includes('ERR_FILE_NOT_FOUND'))).toEqual([])
  // Mermaid has signs of its own: directives, links, classes, the end of a name.
  for (const { text } of exported.filter(({ name }) => name === 'Mermaid'))
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(
        /^(stateDiagram-v2| *(state "[^"<>%`{}]*" as s\d+|state s\d+ \{|\}|--|note right of s\d+ : [^"<>%`{}:]*|\[\*\] --> s\d+|s\d+ --> (s\d+|\[\*\])( : [^"<>%`{}:]*)?))$/,
      )
  // As JavaScript the texts are texts: what is left of the file without them is ours.
  for (const { text } of exported.filter(({ name }) => name === 'Test')) {
    const own = text.replaceAll(/"(?:[^"\\\n\u2028\u2029]|\\.)*"/g, '""')
    expect(own).not.toMatch(/executed|script|onerror|constructor/)
  }
}
