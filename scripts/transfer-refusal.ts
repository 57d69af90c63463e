import { StoreLockedError, TardigradeError } from 'tardigrade'
import type { Problem, ProblemKind } from '../machines/transfer/index.js'
import { advice } from '../src/cli/advice.js'
import { remedyOf } from '../src/cli/remedies.js'
import { problemOf } from '../src/errors/base.js'
import { commandOf } from './transfer-options.js'

const OTHER_TARGET = 'Give another TO.'

const REMEDIES: Partial<Record<ProblemKind, string>> = {
  'source-missing': 'Give the path of a file as FROM.',
  'target-missing': 'Make it, or give another TO.',
  'target-no-file': OTHER_TARGET,
  refused: OTHER_TARGET,
  'not-permitted': 'Give this user the rights, or other paths.',
}

/** What keeps a transfer from beginning, with what to do, in a line. */
export function refusal({ kind, message }: Problem): string {
  return `${message} ${REMEDIES[kind] ?? 'Mend that, then repeat the command.'}`
}

/** An error in a line, with what to do in a clone of this project. */
export function sentence(error: unknown, store: string): string {
  if (!(error instanceof TardigradeError)) return error instanceof Error ? error.message : String(error)
  return `${problemOf(error)} ${remedy(error, store)}`
}

function remedy(error: TardigradeError, store: string): string {
  if (error instanceof StoreLockedError) {
    return `Let that process end, or name another store with --store; \`${commandOf({ store })} ls\` shows what it does.`
  }
  const text = advice({ store, command: 'npx tardigrade' }, remedyOf(error))
  return text.replaceAll(' MODULE ', ' dist/machines/transfer/index.js ')
}
