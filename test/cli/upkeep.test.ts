import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileStore } from 'tardigrade/stores/file'
import { expect, test } from 'vitest'
import { openStore, placeOf } from '../../src/cli/store.js'
import { temporaryFolder } from '../kit/folder.js'
import { cli, cliError, cliIn, cliJson, disown, fixture, owner } from './kit.js'
import { lampCheckpoint, write, writeFiles } from './records.js'

const LAMP = fixture('lamp.mjs')

test('rm asks for --yes, then deletes; nobody owns the store', async () => {
  for (const fill of [write, writeFiles]) {
    const store = temporaryFolder()
    await fill(store, [{ key: 'hall' }, { key: 'attic' }])
    expect(await cliError(store, 'rm', 'hall')).toMatchObject({ code: 2, error: { code: 'USAGE' } })
    expect(await cliError(store, 'rm', 'nobody', '--yes')).toMatchObject({ code: 4 })
    expect(await cliJson(store, 'rm', 'hall', '--yes')).toEqual({ key: 'hall', removed: true })
    expect(await cliJson(store, 'ls')).toMatchObject({ services: [{ key: 'attic' }] })
  }
})

test('the command line leaves a store of plain files the history that its program keeps', async () => {
  const store = temporaryFolder()
  const lamps = Array.from({ length: 20 }, (_, index) => ({ key: 'hall', sequence: index + 1 }))
  await write(store, lamps, undefined, fileStore(store, { keep: 20 }))
  const claim = await (await openStore(placeOf(store))).claim()
  await claim.commit([lampCheckpoint({ key: 'hall', sequence: 21 })])
  expect(await claim.history('hall')).toHaveLength(20)
  await claim.close()
})

test('rm goes through the owner', async () => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP)
  expect((await cli(store, 'rm', 'lamp', '--yes')).code).toBe(0)
  expect(await running.exit).toBe(6)
  expect(await cliJson(store, 'ls')).toMatchObject({ services: [] })
})

test('rm without a socket leaves another owner’s store alone', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'hall' }], async () => {
    expect(await cliError(store, 'rm', 'hall', '--yes')).toMatchObject({
      code: 3,
      error: { code: 'STORE_LOCKED' },
    })
    const { code, error } = await cliError(store, 'send', 'hall', 'PRESS')
    expect(code).toBe(5)
    expect(error.message).toContain('serveControl')
  })
  expect(await cliJson(store, 'ls')).toMatchObject({ services: [{ key: 'hall' }] })
})

test('doctor finds nothing in a sound store', async () => {
  const store = temporaryFolder()
  await write(store, [
    { key: 'a', phase: 'paused' },
    { key: 'b', phase: 'done' },
  ])
  await disown(store)
  const { code, out } = await cli(store, 'doctor')
  expect(code).toBe(0)
  expect(out).toContain('Everything is sound.')
  expect(out).toContain(`\`tardigrade --store ${store} migrate --check MODULE\``)
  expect(await cliJson(store, 'doctor')).toMatchObject({ checked: 2, findings: [], owner: { state: 'gone' } })
})

test('doctor finds what is wrong, and says what to do', async () => {
  const store = temporaryFolder()
  const failure = { name: 'MachineFailedError', message: 'it burst', atMs: 0 }
  await write(
    store,
    [
      { key: 'damaged' },
      { key: 'damaged', sequence: 2, text: 'hello' },
      { key: 'failed', phase: 'failed', extra: { failure } },
      { key: 'lost', text: 'hello' },
      { key: 'lost', sequence: 2, text: 'hello' },
      { key: 'older', text: 'hello' },
      { key: 'older', sequence: 2 },
      { key: 'set aside' },
      { key: 'set aside', sequence: 2 },
      { key: 'two minds', extra: { phase: 'paused', sequence: 7 } },
    ],
    (claim) => claim.quarantine('set aside', 2, 'it burst'),
  )
  await disown(store)
  chmodSync(store, 0o755)
  const { findings } = (await cliJson(store, 'doctor')) as {
    readonly findings: readonly { readonly key?: string; readonly remedy: string }[]
  }
  const remedy = (text: string) => expect.stringContaining(text)
  expect(findings).toMatchObject([
    { level: 'note', code: 'READABLE_FOLDER', remedy: remedy('chmod 700') },
    {
      level: 'attention',
      code: 'DAMAGED_CHECKPOINT',
      key: 'damaged',
      remedy: remedy('--key damaged --retry --last-good'),
    },
    {
      level: 'attention',
      code: 'FAILED',
      key: 'failed',
      problem: remedy('it burst'),
      remedy: remedy('--retry'),
    },
    { level: 'attention', code: 'DAMAGED_CHECKPOINT', key: 'lost', remedy: remedy('restore a backup') },
    { key: 'lost', problem: remedy('older checkpoint 1'), remedy: remedy('Nothing goes on from it either') },
    { level: 'attention', code: 'DAMAGED_CHECKPOINT', key: 'older', remedy: remedy('does not need it') },
    { level: 'attention', code: 'MISMATCH', key: 'two minds', problem: remedy('sequence, phase') },
    { level: 'note', code: 'QUARANTINED', key: 'set aside', problem: remedy('it burst') },
    { level: 'note', code: 'INTERRUPTED' },
  ])
  const named = findings.filter((finding) => / inspect` shows the kept checkpoints/.test(finding.remedy))
  expect(named.map(({ key }) => key)).toEqual(['damaged', 'lost'])
  expect((await cliError(store, 'show', 'damaged')).error.remedy).toMatch(/ inspect` shows what each holds/)
  const { code, out } = await cli(store, 'doctor')
  expect(code).toBe(1)
  expect(out).toContain('attention MISMATCH two minds')
})

test('doctor gives commands that can be run, and of a service that nothing goes on from says nothing of going on', async () => {
  const store = temporaryFolder()
  const lost = (sequence: number) => ({ key: 'the hall', sequence, text: 'hello' })
  await write(
    store,
    [
      lost(1),
      lost(2),
      lost(3),
      { key: 'attic', phase: 'paused' },
      { key: 'attic', phase: 'paused', sequence: 2 },
    ],
    async (claim) => {
      await claim.quarantine('the hall', 3, 'it is damaged')
      await claim.quarantine('attic', 2, 'it is damaged')
    },
  )
  await disown(store)
  const { out } = await cli(store, 'doctor')
  const rm = `\`tardigrade --store ${store} rm`
  expect(out).toContain(`give the service up with ${rm} 'the hall'\``)
  expect(out).toContain(`Checkpoint 3 of lamp was set aside`)
  expect(out).toContain('did not go on from the one before, which is unusable too')
  expect(out).toContain(`goes on from the one before: see to what happened in between. ${rm} attic\``)
  expect(out).not.toContain('stands still')
  expect((await cli(store, 'rm', 'the hall', '--yes')).code).toBe(0)
})

test('doctor finds commits in the log of a killed owner that SQLite does not see, since bytes before them are damaged', async () => {
  const [store, left] = [temporaryFolder(), temporaryFolder()]
  await write(store, [{ key: 'hall' }], async (claim) => {
    for (let sequence = 2; sequence < 30; sequence++)
      await claim.commit([lampCheckpoint({ key: 'hall', sequence })])
    for (const file of ['tardigrade.db', 'tardigrade.db-wal']) cpSync(join(store, file), join(left, file))
  })
  await expect(cliJson(left, 'doctor')).resolves.not.toMatchObject({ findings: [{ code: 'UNREAD_LOG' }] })
  const path = join(left, 'tardigrade.db-wal')
  const log = readFileSync(path)
  // In the tenth frame or so: what is behind is whole.
  log.fill(0xa5, 40_000, 40_100)
  writeFileSync(path, log)
  const { code, out } = await cli(left, 'doctor')
  expect(code).toBe(1)
  expect(out).toContain('attention UNREAD_LOG')
  expect(out).toMatch(
    /damaged after \d+ frames: .* does not see the \d+ frames behind, with \d+ whole commits in them/,
  )
  expect(out).toContain('keeps a copy of this log beside it')
  expect(readFileSync(path).equals(log)).toBe(true)
  for (const asked of [['ls'], ['show', 'hall'], ['history', 'hall']])
    expect((await cli(left, ...asked)).err).toContain('damaged after')
  const removed = await cli(left, 'rm', 'hall', '--yes')
  expect(removed.err).toMatch(/log of the store .* is damaged.*tardigrade\.db-wal\.unread-1/s)
  await expect(cliJson(left, 'doctor')).resolves.toMatchObject({ findings: [{ code: 'KEPT_LOG' }] })
  rmSync(`${path}.unread-1`)
  await expect(cliJson(left, 'doctor')).resolves.toMatchObject({ findings: [] })
})

test('doctor refuses a folder that others can write to', async () => {
  const store = temporaryFolder()
  await write(store, [{ key: 'a', phase: 'paused' }])
  chmodSync(store, 0o777)
  expect(await cliJson(store, 'doctor')).toMatchObject({ findings: [{ code: 'WRITABLE_FOLDER' }] })
})

test('migrate --check tries a new version on every record, beside the owner', async () => {
  const store = temporaryFolder()
  const running = await owner(store, LAMP, '--key', 'hall')
  running.kill('SIGTERM')
  await running.exit
  const cellar = await owner(store, LAMP, '--key', 'cellar', '--input', '{"room":"cellar"}')
  const before = (await cliJson(store, 'ls')).services

  expect(await cliJson(store, 'migrate', '--check', LAMP)).toMatchObject({
    checked: 2,
    current: 2,
    migrates: 0,
    failed: [],
  })
  const next = fixture('lamp-v2.mjs')
  const { code, out } = await cli(store, 'migrate', '--check', next)
  expect(code).toBe(1)
  expect(out).toContain('1 would migrate')
  expect(out).toContain('no lamp in the cellar')
  expect(await cliJson(store, 'migrate', '--check', next)).toMatchObject({
    service: 'lamp',
    version: 2,
    checked: 2,
    migrates: 1,
    failed: [{ key: 'cellar', code: 'MIGRATION_FAILED' }],
  })
  expect((await cliJson(store, 'ls')).services).toEqual(before)
  expect(await cliError(store, 'migrate', next)).toMatchObject({ code: 3, error: { code: 'STORE_LOCKED' } })
  cellar.kill('SIGTERM')
  await cellar.exit
})

test('migrate brings all records to the new version, at rest, and starts nothing', async () => {
  const store = temporaryFolder()
  const hall = await owner(store, LAMP, '--key', 'hall')
  await cli(store, 'send', 'hall', 'PRESS', '--event-key', 'e1')
  await cli(store, 'pause', 'hall')
  await cli(store, 'send', 'hall', 'PRESS', '--event-key', 'e2')
  hall.kill('SIGTERM')
  await hall.exit
  const broken = await owner(store, LAMP, '--key', 'broken')
  await cli(store, 'send', 'broken', 'BREAK')
  await broken.exit
  const cellar = await owner(store, LAMP, '--key', 'cellar', '--input', '{"room":"cellar"}')
  cellar.kill('SIGKILL')
  await cellar.exit
  const records = async () => {
    const shown = await Promise.all(['hall', 'broken', 'cellar'].map((key) => cliJson(store, 'show', key)))
    return shown.map(({ record }) => record as Readonly<Record<string, unknown>>)
  }
  const [hallBefore, brokenBefore, cellarBefore] = await records()

  const next = fixture('lamp-v2.mjs')
  const { code, out } = await cli(store, 'migrate', next)
  expect(code).toBe(1)
  expect(out).toContain('2 migrated to version 2')
  expect(out).toContain('1 failed, and left as they were')
  expect(out).toContain('no lamp in the cellar')
  const [hallAfter, brokenAfter, cellarAfter] = await records()
  expect(cellarAfter).toEqual(cellarBefore)
  for (const [before, after] of [
    [hallBefore, hallAfter],
    [brokenBefore, brokenAfter],
  ]) {
    const { version, sequence, epoch, savedAtMs, structure, timers, ...rest } = before ?? {}
    expect(after).toMatchObject({ ...rest, version: 2, sequence: Number(sequence) + 1, timers: [] })
    expect(after?.structure).not.toBe(structure)
    expect(after?.epoch).toBeGreaterThan(Number(epoch))
  }
  expect(hallAfter).toMatchObject({ phase: 'paused', holds: ['user'], inbox: [{ key: 'e2' }] })
  expect(brokenAfter).toMatchObject({ phase: 'failed', outbox: [{ type: 'explode' }] })
  // The checkpoint before it is kept.
  expect(await cliJson(store, 'history', 'hall')).toMatchObject({
    checkpoints: [{ version: 2 }, { version: 1 }, { version: 1 }],
  })

  expect(await cliJson(store, 'migrate', next)).toMatchObject({
    checked: 3,
    current: 2,
    migrated: 0,
    failed: [{ key: 'cellar', code: 'MIGRATION_FAILED' }],
  })
  const again = await owner(store, next, '--key', 'hall')
  await again.reaches('paused', 'on')
  expect(await cliJson(store, 'resume', 'hall')).toMatchObject({ phase: 'running', state: 'off' })
})

test('migrate leaves the records of other services alone', async () => {
  const store = temporaryFolder()
  await cli(store, 'run', fixture('job.mjs'), '--input', '{"total":1}')
  const before = (await cliJson(store, 'ls')).services
  expect(await cliJson(store, 'migrate', fixture('lamp-v2.mjs'))).toEqual({
    service: 'lamp',
    version: 2,
    checked: 0,
    current: 0,
    migrated: 0,
    failed: [],
  })
  expect((await cliJson(store, 'ls')).services).toEqual(before)
  expect((await cli(join(store, 'none'), 'migrate', fixture('lamp-v2.mjs'))).code).toBe(4)
})

test.each([
  [['{"to":40}'], '{"type":"DIM","to":40}'],
  [['{"type":"GO"}', 'more'], '{"type":"GO"}'],
  [['40'], '{"type":"DIM","to":40}'],
])('an event in pieces, DIM %j, is shown as one', async (more, event) => {
  const { code, error } = await cliError(temporaryFolder(), 'send', 'the hall', 'DIM', ...more)
  expect(code).toBe(2)
  expect(error.code).toBe('USAGE')
  expect(error.remedy).toContain(`send 'the hall' '${event}'`)
  expect(error.remedy).toContain('send --help')
})

test('bad usage is told before anything is opened', async () => {
  const store = join(temporaryFolder(), 'store')
  for (const args of [['fly'], ['show'], ['ls', '--fast'], ['pause', 'k', '--deadline', 'soon']]) {
    expect(await cliError(store, ...args)).toMatchObject({ code: 2, error: { code: 'USAGE' } })
  }
  expect(existsSync(store)).toBe(false)
  expect((await cliError(store, 'fly')).error.remedy).toBe('See `tardigrade --help`.')
  expect((await cliError(store, 'show')).error.remedy).toBe('See `tardigrade show --help`.')
  expect((await cli(store)).err).toContain('Usage: tardigrade')
  const help = await cli(store, '--help')
  expect(help).toMatchObject({ code: 0, err: '' })
  expect(help.out).toContain('Exit codes:')
  expect((await cliIn({}, store, '--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})
