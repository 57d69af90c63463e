import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { shows, Visits } from './kit/page.js'

let visits: Visits
beforeAll(async () => {
  visits = await Visits.begin()
}, 300_000)
afterEach(() => visits.leave())
afterAll(() => visits?.end())

const lamp = (id: string) =>
  defineService({
    id,
    version: 1,
    machine: createMachine({ id, initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } }),
  })

async function inspected() {
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {} },
  })
  const hall = await supervisor.start(lamp('lamp'), { key: 'hall' })
  await hall.send({ type: 'PRESS' })
  await supervisor.start(lamp('other'), { key: 'other' })
  return { supervisor, address: supervisor.inspectAddress ?? expect.fail('no address') }
}

test('once the process is gone, the page still draws, tells messages and saves what it has', async () => {
  const { supervisor, address } = await inspected()
  // Nothing is chosen: nothing of it has been wanted before.
  const { page, problems } = await visits.open(address)
  await page.getByRole('option').getByText('hall').waitFor()
  const loaded = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .join(),
    )
  for (const part of ['elk-worker', 'lay-out', 'sequence', 'test-file', 'trace', 'picture', 'mermaid'])
    await expect.poll(loaded, { timeout: 20_000 }).toMatch(new RegExp(`assets/${part}[^,]*\\.js`))
  await supervisor.close()
  await page.getByText(/^connection lost/).waitFor()

  await page.getByRole('option').getByText('hall').click()
  await page.locator('.drawing .box.active', { hasText: 'on' }).last().waitFor()
  const saved = { SVG: 'lamp.svg', PNG: 'lamp.png', Mermaid: 'lamp.mmd', Test: 'hall.test.ts' }
  for (const [button, name] of Object.entries({ ...saved, 'Save trace': 'trace.json' })) {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button, exact: true }).click()
    expect((await download).suggestedFilename()).toBe(name)
  }
  await page.getByRole('button', { name: 'Sequence' }).click()
  await page.getByRole('img', { name: /PRESS from outside/ }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(problems.filter((problem) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(problem))).toEqual([])
})

test('a part of the page that could not be loaded is said when somebody wants it', async () => {
  const { supervisor, address } = await inspected()
  const { page } = await visits.open(address)
  await page.route(/assets\/(mermaid|sequence)-/, (route) => route.abort())
  await page.goto(`${address}&service=hall`)
  await page.reload()
  await page.locator('.drawing .box.active', { hasText: 'on' }).last().waitFor()
  const alert = page.getByRole('alert').getByText('This part of the page could not be loaded')
  expect(await alert.count()).toBe(0)
  await page.getByRole('button', { name: 'Mermaid' }).click()
  await alert.waitFor()
  await page.getByRole('button', { name: 'Put away' }).click()
  await shows(() => alert.count(), 0)
  await page.getByRole('button', { name: 'Sequence' }).click()
  await alert.waitFor()
  await page.getByText('It is not here.').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'SVG' }).click()
  await download
  await shows(() => alert.count(), 0)
  await supervisor.close()
})
