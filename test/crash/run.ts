import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Command } from 'commander'
import { freezeOwners } from './freezes.js'
import { killTransfer } from './kills.js'
import { killOwed } from './owed.js'
import { signalStates } from './signals.js'
import { termTransfer } from './terms.js'

export type { FreezeReport } from './freezes.js'
export type { KillReport } from './kills.js'
export type { OwedReport } from './owed.js'
export type { SignalReport } from './signals.js'
export type { TermReport } from './terms.js'
export { freezeOwners, killOwed, killTransfer, signalStates, termTransfer }

/** Runs `work` in a folder of its own, which stays when something was violated. */
export async function inFolder<T extends { readonly violations: readonly string[] }>(
  work: (folder: string) => Promise<T>,
): Promise<T & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-crash-'))
  const report = await work(folder)
  if (report.violations.length === 0) rmSync(folder, { recursive: true })
  return { ...report, folder }
}

async function main(): Promise<number> {
  const command = new Command('run')
    .description('Interrupts real processes at random instants, and proves that nothing is lost.')
    .option('--kills <n>', 'kill -9', Number, 100)
    .option('--terms <n>', 'SIGTERM', Number, 100)
    .option('--freezes <n>', 'SIGSTOP of the owner of each store', Number, 100)
    .option('--signals <n>', 'SIGTERM in each state of the lifecycle', Number, 10)
    .option('--seed <n>', 'repeats the choice of instants', Number, Date.now() % 1_000_000)
    .parse()
  const { kills, terms, freezes, signals, seed } =
    command.opts<Readonly<Record<'kills' | 'terms' | 'freezes' | 'signals' | 'seed', number>>>()
  console.log(
    `Seed ${seed}: ${kills} × kill -9 of the main job and of a fixture, ${terms} × SIGTERM, ${signals} × in each state; ${freezes} × SIGSTOP of each store’s owner.`,
  )
  const [killed, owed, ended] = await Promise.all([
    inFolder((folder) => killTransfer({ kills, seed, folder })),
    inFolder((folder) => killOwed({ kills, seed, folder })),
    inFolder((folder) => termTransfer({ terms, seed, folder })),
  ])
  // Of those the instants are chosen more exactly, so that nothing is beside them.
  const signalled = await inFolder((folder) => signalStates({ rounds: signals, seed, folder }))
  const sqlite = await inFolder((folder) => freezeOwners({ kind: 'sqlite', freezes, seed, folder }))
  const file = await inFolder((folder) => freezeOwners({ kind: 'file', freezes, seed, folder }))
  console.log(`
Main job, kill -9      ${killed.kills} kills, ${killed.rounds} copies finished, hashes right
                       ${killed.chunks} chunks, none lost; ${killed.repeated} copied twice, each in flight at a kill
Main job, SIGTERM      ${ended.terms} handled, slowest exit ${Math.round(ended.slowestMs)} ms; ${ended.outside} came while the store was closed
                       ${ended.rounds} copies finished, hashes right; ${ended.repeated} chunks copied twice
Fixture, kill -9       ${owed.kills} kills, ${owed.events} events and ${owed.events} timers, each applied once
                       ${owed.intoInbox} events acknowledged into the inbox of a paused service
                       ${3 * owed.events} effects, none lost; ${owed.repeatedEffects} ran again, under the same key
Lifecycle, SIGTERM     ${JSON.stringify(signalled.signals)}, ${signalled.killed} ended by SIGKILL at the deadline
                       ${signalled.events} events acknowledged, none lost
Owners, SIGSTOP        ${sqlite.freezes} of a SQLite store, ${sqlite.within} in a transaction; ${file.freezes} of a file store
                       ${sqlite.batches + file.batches} batches acknowledged, each there for the next owner; no stale one`)
  let code = 0
  for (const { folder, violations } of [killed, ended, owed, signalled, sqlite, file]) {
    if (violations.length === 0) continue
    code = 1
    console.error(`\nVIOLATED (folder kept: ${folder}; repeat with --seed ${seed}):`)
    for (const violation of violations.slice(0, 20)) console.error(`  ${violation}`)
  }
  console.log(code === 0 ? '\nNothing was violated.' : '\nThe summary above does not hold.')
  return code
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main()
}
