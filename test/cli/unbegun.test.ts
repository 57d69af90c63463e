import { expect, test } from 'vitest'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliJson, fixture, owner } from './kit.js'
import { write } from './records.js'

const LAMP = fixture('lamp.mjs')

test('a service that the owner of the store has not begun is said to stand still, until it is asked for', async () => {
  const store = temporaryFolder()
  const first = await owner(store, LAMP, '--key', 'attic')
  await cli(store, 'send', 'attic', 'PRESS')
  first.kill('SIGKILL')
  await first.exit
  const second = await owner(store, LAMP, '--key', 'cellar')
  await second.reaches('running')

  const phases = async () =>
    (await cli(store, 'ls')).out
      .split('\n')
      .slice(1, 3)
      .map((line) => /^\w+ +lamp +(.*?) +o(n|ff) /.exec(line)?.[1])
  expect(await phases()).toEqual(['running (not begun)', 'running'])
  const listed = await cliJson(store, 'ls')
  expect(listed).toMatchObject({ services: [{ key: 'attic', unbegun: true }, { key: 'cellar' }] })
  expect(JSON.stringify(listed).match(/unbegun/g)).toHaveLength(1)
  expect((await cli(store, 'show', 'attic')).out).toMatch(/^phase +running \(not begun\)$/m)
  expect(await cliJson(store, 'show', 'attic')).toMatchObject({ phase: 'running', unbegun: true })
  expect(await cliJson(store, 'show', 'cellar')).not.toHaveProperty('unbegun')

  const { out } = await cli(store, 'doctor')
  expect(out).toContain(`process ${second.pid} has the store open, and has not begun it.`)
  expect(out).toContain(`\`tardigrade --store ${store} resume attic\``)
  expect(await cliJson(store, 'doctor')).toMatchObject({ findings: [{ code: 'NOT_BEGUN', key: 'attic' }] })

  // As it advises.
  expect(await cli(store, 'resume', 'attic')).toEqual({
    code: 0,
    out: 'lamp attic: running in on\n',
    err: 'note: The process that has the store open had not begun it, and did so now.\n',
  })
  expect((await cli(store, 'resume', 'attic')).err).toBe('note: Nothing changed: nothing holds it.\n')
  expect(await phases()).toEqual(['running', 'running'])
  expect(await cliJson(store, 'doctor')).toMatchObject({ findings: [] })
})

test('of several that stand still, doctor names them, and says how all go on', async () => {
  const store = temporaryFolder()
  const keys = Array.from({ length: 12 }, (_, index) => `hall-${index + 10}`)
  await write(
    store,
    keys.map((key) => ({ key })),
  )
  const running = await owner(store, LAMP, '--key', 'cellar')
  const found = await cliJson(store, 'doctor')
  expect(found).toMatchObject({ findings: [{ code: 'NOT_BEGUN' }] })
  const text = JSON.stringify(found)
  expect(text).toContain('12 running services stand still')
  expect(text).toContain('has not begun them: hall-10, hall-11, ')
  expect(text).toContain('hall-19 …')
  expect(text).toContain('supervisor.resumeAll()')
  running.kill('SIGKILL')
  await running.exit
  const alone = JSON.stringify(await cliJson(store, 'doctor'))
  expect(alone).toContain('13 running services stand still: no process has the store open.')
  expect(alone).toContain('supervisor.resumeAll()')
})
