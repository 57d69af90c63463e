import { type ErrorFacts, TardigradeError } from '../errors/base.js'

/** `useService` was rendered on a server, where it starts nothing. */
export class ServerRenderingError extends TardigradeError {
  readonly code = 'SERVER_RENDERING'
  constructor(facts: ErrorFacts = {}) {
    super(
      'useService starts no service where React renders on a server.',
      'Put <Suspense fallback={…}> around the component: the server sends the fallback, and the page starts the service.',
      facts,
    )
  }
}
