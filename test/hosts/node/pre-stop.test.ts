import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchPreStop } from '../../../src/hosts/node/pre-stop.js'
import { freePort } from '../../inspect/kit.js'
import { machine } from './machine.js'

let port: number
let end: () => void
let rested: () => void
const rest = vi.fn<() => Promise<void>>()

beforeEach(async () => {
  port = await freePort()
  rest.mockImplementation(() => new Promise((resolve) => (rested = resolve)))
  end = watchPreStop({ port }, machine().world, rest).end
})
afterEach(() => {
  end()
  rest.mockReset()
})

const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init)

test('the hook is answered when everything rests', async () => {
  let answered = false
  const answer = ask('/prestop').finally(() => (answered = true))
  await vi.waitFor(() => expect(rest).toHaveBeenCalledOnce())
  expect(answered).toBe(false)
  rested()
  expect(await (await answer).text()).toBe('at rest\n')
})

test.each<[string, RequestInit]>([
  ['/', {}],
  ['/prestop?x', {}],
  ['/prestop', { method: 'POST' }],
  ['/prestop', { headers: { 'sec-fetch-site': 'cross-site' } }],
])('%s with %j ends nothing', async (path, init) => {
  expect((await ask(path, init)).status).toBe(404)
  expect(rest).not.toHaveBeenCalled()
})
