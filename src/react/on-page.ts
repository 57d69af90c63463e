import { useSyncExternalStore } from 'react'
import { ServerRenderingError } from './errors.js'

const hears = () => () => {}
const isThere = () => true

/**
 * Throws where React renders on a server, which React itself tells apart, by asking for the snapshot of a server.
 * @throws {ServerRenderingError}
 */
export function useOnPageOnly(key: string): void {
  useSyncExternalStore(hears, isThere, () => {
    throw new ServerRenderingError({ key })
  })
}
