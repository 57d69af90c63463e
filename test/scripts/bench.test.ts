import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const RUN = fileURLToPath(new URL('../../dist/bench/run.js', import.meta.url))

test('a benchmark that there is not is refused: nothing that was to be held has been measured', () => {
  const { status, stderr } = spawnSync(process.execPath, [RUN, '--only', 'verfiy'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toMatch(/There is no benchmark named verfiy. There are: .*verify/)
})

test('a Postgres that cannot start is a goal that is missed, and says why', () => {
  const { status, stdout } = spawnSync(process.execPath, [RUN, '--only', 'postgres'], {
    encoding: 'utf8',
    env: { ...process.env, POSTGRES_BIN: '/nowhere' },
  })
  expect(status).toBe(1)
  expect(stdout).toMatch(/MISSED .*Postgres: not measured: .*nowhere/)
})
