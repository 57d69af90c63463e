import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeOf } from '../../src/cli/store.js'
import { StoreNotReadableError } from '../../src/errors/store-reading.js'
import { temporaryFolder } from '../kit/folder.js'

const NOBODY = 65534
const isRoot = process.geteuid?.() === 0
/** Root may look into everything: what is asked here is asked by somebody who may not. */
const user = isRoot ? NOBODY : process.geteuid?.()

/** A store's folder in one that is closed. */
function closed(owner: number | undefined): { readonly above: string; readonly folder: string } {
  const above = temporaryFolder()
  const folder = join(above, 'my store')
  mkdirSync(folder)
  writeFileSync(join(folder, 'tardigrade.db'), '')
  if (isRoot && owner !== undefined) chownSync(above, owner, owner)
  return { above, folder }
}

function errorOf(folder: string): unknown {
  try {
    if (isRoot) process.seteuid?.(NOBODY)
    placeOf(folder)
    return undefined
  } catch (error) {
    return error
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

test('of a folder into which this user may not look it tells which one forbids it, and what to run', () => {
  const { above, folder } = closed(user)
  chmodSync(above, 0o400)
  const error = errorOf(folder)
  chmodSync(above, 0o700)
  expect(error).toBeInstanceOf(StoreNotReadableError)
  expect(error).toMatchObject({
    message: `The store ${folder} cannot be read: EACCES: user ${user} may not look into ${above}, which belongs to user ${user} and has the rights 400. Nothing was changed. Run: chmod u+rwx ${above}`,
    cause: { code: 'EACCES' },
  })
})

// Only root can have a folder that is another user’s, and closed.
test.runIf(isRoot)('and of another user’s folder, who can let this one in', () => {
  const { above, folder } = closed(undefined)
  chmodSync(above, 0o700)
  expect(errorOf(folder)).toMatchObject({
    message: `The store ${folder} cannot be read: EACCES: user ${NOBODY} may not look into ${above}, which belongs to user 0 and has the rights 700. Nothing was changed. Run this as user 0, or have that user give user ${NOBODY} the rights to read the store and to enter the folders that lead to it.`,
  })
})
