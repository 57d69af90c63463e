import { connection } from '../shell/session.js'

/** Where the content of a checkpoint is that the page does not have: nobody can be asked for it in a trace, or without a connection. */
export function unseenText(checkpoint: number): string {
  const where = connection.value.status === 'open' ? 'which is asked for' : 'which is not here'
  return `It is in checkpoint ${checkpoint}, ${where}.`
}
