import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { HERE, WITH_4, written } from '../docs/guest-snippets.js'
import { freePort } from '../inspect/kit.js'
import { serveApp } from './kit/app.js'
import { visiting } from './kit/page.js'

const visits = visiting()

test.each([
  ['stately-browser.js', HERE],
  ['xstate4-browser.js', WITH_4],
])('%s opens our page, which shows what it does', async (name, folder) => {
  const origin = `http://127.0.0.1:${await freePort()}`
  const supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, allowOrigins: [origin], onListening: () => {} },
  })
  onTestFinished(() => supervisor.close().then(() => {}))
  const url = (supervisor.inspectAddress ?? '').replace('/#', '/receive#')
  const path = written(name, folder, (code) => code.replace(/http:.*WkM3…/, url))
  const app = await serveApp(path, Number(new URL(origin).port))
  onTestFinished(app.close)
  const { page: shop, problems } = await visits.open(origin)
  const opened = shop.waitForEvent('popup')
  await shop.getByRole('button', { name: 'Inspect' }).click()
  const inspector = await opened
  await inspector.locator('.drawing .box.active', { hasText: 'off' }).last().waitFor()
  await shop.getByRole('button', { name: 'Press', exact: true }).last().click()
  await inspector.locator('.drawing .box.active', { hasText: 'on' }).last().waitFor()
  expect(problems).toEqual([])
})
