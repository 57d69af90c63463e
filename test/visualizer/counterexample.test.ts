import { InterruptionBugError, record, type Trace, verifyInterruptions } from 'tardigrade/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { type AnyStateMachine, assign, createMachine } from 'xstate'
import type { CounterexampleMessage } from '../../src/inspect/stream/trace.js'
import { traceOf } from '../../visualizer/src/exports/trace.js'
import { besideTwin } from '../../visualizer/src/store/differences.js'
import { Store } from '../../visualizer/src/store/store.js'
import { messagesIn } from '../../visualizer/src/transport/recorded.js'
import { isMessage } from '../../visualizer/src/transport/shapes.js'
import { activeStates, shows, visiting } from './kit/page.js'
import { passed, turnstile } from './kit/turnstile.js'

/** It fails in either way, and after an interruption with other words. */
const jammed = createMachine({
  id: 'jammed',
  context: { passed: 0 },
  entry: ({ self }) => void passed.set(self, 1),
  on: {
    PASS: {
      actions: assign(({ self }) => {
        throw new Error(passed.has(self) ? 'the bar is stuck' : 'the bar has no count')
      }),
    },
  },
})

async function found(machine: AnyStateMachine = turnstile): Promise<InterruptionBugError<unknown>> {
  try {
    await verifyInterruptions(machine, { kinds: ['kill'], seed: 1 })
  } catch (error) {
    if (error instanceof InterruptionBugError) return error
  }
  return expect.fail('nothing was found')
}

let bug: InterruptionBugError<unknown>
let trace: Trace
const visits = visiting()
beforeAll(async () => {
  bug = await found()
  trace = await record(turnstile, bug.token)
}, 60_000)

function counterexample(): CounterexampleMessage {
  const message = trace.messages.find(({ type }) => type === 'counterexample')
  return message?.type === 'counterexample' ? message : expect.fail('there is none')
}

describe('a counterexample', () => {
  test('is recorded as two services, with the moment of each step, and what differs is told where it does', () => {
    const store = new Store()
    for (const message of messagesIn(JSON.stringify(trace)).filter(isMessage)) store.apply(message)
    const { steps, difference, token } = counterexample()
    expect([difference, token]).toEqual([bug.difference, bug.token])
    expect(steps.map(({ told, twinTold, interrupts }) => [told, twinTold, interrupts])).toEqual([
      ['the beginning', undefined, false],
      ...bug.steps.map(() => expect.anything()),
    ])
    expect(steps.filter(({ interrupts }) => interrupts)).toMatchObject([
      { told: 'kill -9, and a new process', interrupts: true },
    ])
    const differ = steps.map(({ at, twinAt }) => {
      const [own, twin] = [stateOf(store, 'interrupted', at), stateOf(store, 'twin', twinAt)]
      return besideTwin(twin, own).map(({ path }) => path.join('.'))
    })
    expect(differ.slice(0, -1).flat()).toEqual([])
    expect(differ.at(-1)).toEqual(['context.passed'])
    // Saved by the page, it is the same.
    expect(traceOf(store).messages.at(-1)).toEqual(counterexample())
  })

  test('of one that fails in both ways tells with what, on paper and in the page', async () => {
    const { difference, token } = await found(jammed)
    expect(difference).toBe(
      'failure is "The machine failed: Error: the bar has no count.", and "The machine failed: Error: the bar is stuck." without the interruption',
    )
    const { page } = await visits.showTrace(JSON.stringify(await record(jammed, token)))
    await page
      .getByRole('region', { name: 'Counterexample' })
      .getByText(`After that, ${difference}.`)
      .waitFor()
    const beside = page.getByRole('region', { name: 'Beside its twin' }).getByRole('listitem')
    await shows(
      () => beside.first().allInnerTexts(),
      expect.arrayContaining([expect.stringMatching(/^failure\s.*the bar is stuck.*the bar has no count/s)]),
    )
  })

  test('opens in the page, and is gone through step by step, with the twin beside it', async () => {
    const { page, problems } = await visits.showTrace(JSON.stringify(trace))
    const steps = page.getByRole('region', { name: 'Counterexample' })
    await steps.getByText(`After that, ${bug.difference}.`).waitFor()
    const twin = page.getByRole('region', { name: 'The twin, which nothing interrupts' })
    const beside = page.getByRole('region', { name: 'Beside its twin' })
    const active = (chart: ReturnType<typeof page.locator>) =>
      chart
        .locator('.drawing .box.active')
        .evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')?.split(',')[0]))
    // It begins with what it was opened for.
    await beside.getByText('context › passed').waitFor()
    expect(await steps.locator('[aria-current=step]').textContent()).toContain('PASS')
    await shows(() => active(twin), ['turnstile', 'closed'])
    await steps.locator('[aria-current=step]').press('ArrowUp')
    await beside.getByText('All is the same.').waitFor()
    await shows(() => active(twin), ['turnstile', 'open'])
    await shows(() => active(page.locator('.charts > .chart')), ['turnstile', 'open'])
    await steps.getByRole('button', { name: 'kill -9, and a new process twin: nothing' }).click()
    await steps.locator('[aria-current=step]').getByText('twin: nothing').waitFor()
    // Its last moment is its end: nothing of it is live.
    await page.getByTitle('Back to the end').click()
    await page.getByRole('button', { name: 'End', exact: true, pressed: true }).waitFor()
    await beside.getByText('context › passed').waitFor()
    expect(await page.getByText(/^(Live|Latest)$/i).count()).toBe(0)
    // Any other moment belongs to a step, and the twin is a service like any other.
    await page.getByRole('listbox', { name: 'Moments' }).press('Home')
    await shows(() => steps.locator('[aria-current=step]').textContent(), 'the beginning')
    await page.getByRole('listbox', { name: 'Services' }).getByText('twin').click()
    await shows(() => activeStates(page), ['turnstile', 'closed'])
    expect(problems).toEqual([])
  })

  test('tells its steps in the timeline with the numbers of the terminal, and the simulated time', async () => {
    const { page, problems } = await visits.showTrace(JSON.stringify(trace))
    const steps = page.getByRole('region', { name: 'Counterexample' })
    const numbered = counterexample().steps.map(({ told }, index) =>
      index === 0 ? told : `${index}. ${told}`,
    )
    const own = steps.locator('.told')
    await shows(() => own.allTextContents(), numbered)
    const moments = page.getByRole('listbox', { name: 'Moments' })
    await page.setViewportSize({ width: 1280, height: 2400 })
    // What was kept from coming to the store leaves no moment: its step says so.
    await shows(() => moments.locator('.step').allTextContents(), numbered.slice(1))
    const [kill] = await moments.locator('.step.interrupts').allTextContents()
    expect(kill).toContain('kill -9, and a new process')
    const times = await moments.locator('time').allTextContents()
    expect(times.every((time) => /^\+[\d.,]+ s$/.test(time))).toBe(true)
    // A click on a step, and keys over it, go to a moment beside it.
    await moments.locator('.step').first().click()
    await moments.locator('.one.chosen .moment').waitFor()
    const place = () => page.getByRole('slider', { name: 'Moment' }).inputValue()
    const before = Number(await place())
    await moments.press('ArrowUp')
    await shows(place, String(before - 1))
    await moments.press('ArrowDown')
    await shows(place, String(before))
    // The twin has what it did.
    await page.getByRole('listbox', { name: 'Services' }).getByText('twin').click()
    const ofTwin = counterexample().steps.flatMap(({ twinTold }, index) =>
      twinTold === undefined ? [] : [`${index}. ${twinTold}`],
    )
    await shows(() => moments.locator('.step').allTextContents(), ofTwin)
    expect(problems).toEqual([])
  })

  test('in a narrow window, a step that is chosen is shown in the chart', async () => {
    const { page } = await visits.showTrace(JSON.stringify(trace), '', {
      viewport: { width: 420, height: 800 },
    })
    const steps = page.getByRole('region', { name: 'Counterexample' })
    await steps.getByRole('button', { name: 'the beginning' }).click()
    await page.locator('.charts > .chart .drawing .box.active').first().waitFor()
    expect(await page.getByRole('button', { name: 'chart', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    )
    // The head is one line, whatever stands in it.
    const heights = await page
      .locator('.head > *:visible')
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().bottom))
    expect(Math.max(...heights)).toBeLessThan(60)
    // Nor is there a gap behind a time that is short.
    await page.getByRole('button', { name: 'timeline', exact: true }).click()
    const [time, dot] = ['time', '.dot'].map((part) => page.locator('.moment').first().locator(part))
    const [told, after] = [await time?.boundingBox(), await dot?.boundingBox()]
    expect((after?.x ?? 0) - (told?.x ?? 0)).toBeLessThan(70)
  })

  test('one in a shape of its own is passed over', () => {
    const store = new Store()
    for (const steps of [undefined, [], [{ told: 'x' }], 'x'])
      store.apply({ ...counterexample(), steps } as unknown as CounterexampleMessage)
    expect(store.counterexample.peek()).toBeUndefined()
  })
})

function stateOf(store: Store, key: string, at: string) {
  const moments = store.services.get(key)?.moments ?? expect.fail(key)
  const index = moments
    .all()
    .findIndex((moment) => moment.type === 'entry' && `${moment.incarnation}:${moment.entry.sequence}` === at)
  return moments.stateAt(index) ?? expect.fail(`${key} has no ${at}`)
}
