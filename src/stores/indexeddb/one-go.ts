// What is asked for in one go, and then `commit()`, comes to its end without the page, which may freeze at any moment. A transaction
// that waits for the page, reading or writing, would keep the other tabs waiting for as long.
import type { IDBPObjectStore, IDBPTransaction, StoreNames } from 'idb'
import type { Database } from './open.js'
import { type Schema, STORES, WRITER } from './schema.js'

/** A transaction over all of the database, that writes. */
export type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>

/** A store of the database, that is read. */
export type Reading<Name extends StoreNames<Schema>> = IDBPObjectStore<Schema, [Name], Name, 'readonly'>

/** What gives up what is under way over a database. */
const underWay = new WeakMap<Database, Set<(why: Error) => void>>()

/** Ends all that is under way, each with an error of its own: where Chromium deletes a database, it never ends it. */
export function giveUp(database: Database, why: () => Error): void {
  for (const end of underWay.get(database) ?? []) end(why())
}

/** Whether something is under way over it that gives its answer to this page. */
export function isBusy(database: Database): boolean {
  return (underWay.get(database)?.size ?? 0) > 0
}

function unlessGivenUp<T>(database: Database, answer: Promise<T>): Promise<T> {
  const all = underWay.get(database) ?? new Set()
  underWay.set(database, all)
  return new Promise<T>((resolve, reject) => {
    all.add(reject)
    settle(answer.then(resolve, reject).finally(() => all.delete(reject)))
  })
}

/** Reads a store; `question` asks for all without waiting. */
export function ask<Name extends StoreNames<Schema>, T>(
  database: Database,
  name: Name,
  question: (store: Reading<Name>) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(name)
  settle(transaction.done)
  const answer = question(transaction.store)
  transaction.commit()
  return unlessGivenUp(database, answer)
}

/**
 * Writes all of the work, as durably as the browser can, or nothing; `work` asks for all without waiting. False, and nothing, where
 * the epoch is over.
 */
export async function write(
  database: Database,
  epoch: number,
  work: (transaction: Writing) => void,
): Promise<boolean> {
  const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' })
  let isOver = false
  // What fails first takes the others with it; an epoch alone can be there twice. Captured: heard before any promise fails.
  const onError = ({ target }: Event) => {
    // Errors of a transaction come from its requests.
    isOver ||= (target as IDBRequest).error?.name === 'ConstraintError'
  }
  transaction.addEventListener('error', onError, { capture: true })
  settle(transaction.objectStore('turn').put({ id: WRITER, epoch }))
  work(transaction)
  transaction.commit()
  try {
    await unlessGivenUp(database, transaction.done)
    return true
  } catch (error) {
    if (isOver) return false
    throw error
  }
}

/** What fails takes its transaction with it, whose own promise tells. */
export function settle(request: Promise<unknown>): void {
  request.catch(() => {})
}
