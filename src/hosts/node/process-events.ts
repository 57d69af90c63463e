type Listener = (what: unknown) => void

/** By event who hears it, and the one listener of the process that tells them: Node warns of more than ten. */
const heard = new Map<string, { readonly listeners: Set<Listener>; readonly tell: Listener }>()

/** Hears what this process is told, such as a signal or an uncaught error; gives what ends that. */
export function hear(event: string, listener: Listener): () => void {
  const { listeners, tell } = heard.get(event) ?? begin(event)
  // Where somebody has removed all listeners of the process, these are gone as well. The cast: any event’s listeners are asked for alike.
  if (!process.listeners(event as 'beforeExit').includes(tell)) {
    listeners.clear()
    process.on(event, tell)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    process.off(event, tell)
    // Another may hear it by now; who has set listeners aside, and puts this one back, brings nothing back.
    if (heard.get(event)?.tell === tell) heard.delete(event)
  }
}

function begin(event: string) {
  const listeners = new Set<Listener>()
  const tell: Listener = (what) => {
    for (const listener of listeners) listener(what)
  }
  const one = { listeners, tell }
  heard.set(event, one)
  return one
}
