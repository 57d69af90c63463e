import { afterAll, beforeAll, expect, test } from 'vitest'
import { chartOfConfig } from '../../src/inspect/chart/chart-of.js'
import type { Shown } from '../../src/inspect/shown.js'
import { Visits } from './kit/page.js'
import { LIFECYCLE, Recording } from './kit/recording.js'

/** Every way of these that runs tells the page so. */
const RUN = 'window.executed=(window.executed||0)+1'
const PAYLOADS = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<svg/onload=${RUN}>`,
  `"><svg><script>${RUN}</script>`,
  `javascript:${RUN}`,
  `'-${RUN}-'`,
  `\${${RUN}}`,
  `</style><script>${RUN}</script>`,
  `]]><script>${RUN}</script>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>">`,
  `<a href="javascript:${RUN}" autofocus onfocus="${RUN}">x</a>`,
  `<math><mtext></mtext><style><img src=x onerror=${RUN}></style></math>`,
  `<details open ontoggle=${RUN}>`,
  '__proto__',
  'constructor',
  `url(javascript:${RUN})`,
  `{{constructor.constructor('${RUN}')()}}`,
  `<foreignObject><body onload=${RUN}></foreignObject>`,
  `\u202e<script>${RUN}</script>`,
  `%3Cscript%3E${RUN}%3C/script%3E`,
]

let visits: Visits
beforeAll(async () => {
  visits = await Visits.begin()
}, 300_000)
afterAll(() => visits?.end())

/** A service whose every text holds payloads. */
function hostile(recording: Recording, payload: string, at: number): void {
  const named = (what: string) => `${what} ${payload}`
  const key = named(`key ${at}`)
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
    chart: { ...chart, hash: chart.hash } as unknown as Shown,
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

test('1,000 script payloads in names, events and contexts: none runs', async () => {
  const recording = new Recording(`p ${PAYLOADS[0]}`)
  // Two in each text: laying out a chart for every one of them takes its time.
  const pairs = PAYLOADS.flatMap((payload, at) => (at % 2 === 0 ? [`${payload} ${PAYLOADS[at + 1]}`] : []))
  for (const [at, payload] of pairs.entries()) hostile(recording, payload, at)
  const texts = recording.json().split(/executed|__proto__|constructor/).length - 1
  expect(texts).toBeGreaterThan(1000)
  const { page, problems } = await visits.show(recording)
  const list = page.getByRole('listbox', { name: 'Services' })
  await list.press('Home')
  for (const at of pairs.keys()) {
    await page.locator('.drawing .box').nth(2).waitFor()
    await page.locator('.drawing').press('ArrowDown')
    await page.locator('.card').waitFor()
    await page.getByRole('listbox', { name: 'Moments' }).press('Home')
    await page.locator('.inside').waitFor()
    // What is looked into differs by the service, so that everything is once.
    for (let down = 0; down < at % 10; down++) await page.keyboard.press('ArrowDown')
    await page.getByRole('button', { name: 'List', exact: true }).click()
    await page.locator('.chart-list').waitFor()
    await list.press('ArrowDown')
  }
  expect(await page.evaluate(() => (window as { executed?: number }).executed)).toBeUndefined()
  // Nor has the page’s policy had to refuse anything.
  expect(problems).toEqual([])
}, 60_000)
