import { store } from './session.js'

/** What says in a command that it is of the store of this page; nothing where that is no folder, but a server or the memory of a process. */
export function storeOption(): string {
  const place = store.value.hello.value?.store ?? ''
  if (!/^(\/|[A-Za-z]:\\|\\\\)/.test(place)) return ''
  return ` --store ${/^[\w./:\\-]+$/.test(place) ? place : JSON.stringify(place)}`
}
