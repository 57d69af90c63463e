// @long: the project is copied, and its tests run anew for each change.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

/** What this run hands on to the processes that it starts would make another of them one of its own workers. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')),
)

/** The whole takes long (`npm run test:stryker`); this keeps the command from rotting. */
test('the command changes a deciding file place by place, and a test fails for each', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stryker-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const config = join(folder, 'stryker.config.mjs')
  const report = join(folder, 'report.json')
  const { default: own } = await import(resolve(root, 'stryker.config.mjs'))
  const small = {
    ...own,
    mutate: ['src/service/finding.ts'],
    incremental: false,
    tempDirName: join(folder, 'copy'),
    reporters: ['json'],
    jsonReporter: { fileName: report },
  }
  await writeFile(config, `export default ${JSON.stringify(small)}`)
  await promisify(execFile)('npx', ['stryker', 'run', config], {
    cwd: root,
    env: { ...environment, TARDIGRADE_ROOMS: 'service' },
  })
  const { files } = JSON.parse(await readFile(report, 'utf8'))
  const { mutants } = files['src/service/finding.ts']
  expect(mutants.length).toBeGreaterThan(3)
  expect(new Set(mutants.map(({ status }: { status: string }) => status))).toEqual(new Set(['Killed']))
})
