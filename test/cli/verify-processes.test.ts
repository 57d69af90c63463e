// @long: each life of some dozen is a process.
import { expect, test } from 'vitest'
import { cli, fixture } from './kit.js'

test('processes of their own find what a module keeps', { timeout: 120_000 }, async () => {
  const options = ['--isolate', 'process', '--runs', '20', '--seed', '1']
  const { code, out } = await cli('', 'verify', fixture('forgetful.mjs'), ...options)
  expect(out).toContain('machine.context.asked is "a stranger", and "a friend" without the interruption')
  expect(code).toBe(1)
  expect((await cli('', 'verify', fixture('forgetful.mjs'), '--runs', '20')).code).toBe(0)
  // The command that it prints shows it again, and none is printed that would not.
  const command = /Replay it: npx tardigrade (verify .*)$/m.exec(out)?.[1]?.split(' ') ?? []
  expect(out).not.toContain('inspect --counterexample')
  const again = await cli('', ...command)
  expect(again.out).toContain('machine.context.asked is "a stranger"')
  expect(again.code).toBe(1)
})
