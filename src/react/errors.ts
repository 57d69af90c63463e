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

/** `useService` was given another definition than that of the service which runs under the key. */
export class OtherDefinitionError extends TardigradeError {
  readonly code = 'OTHER_DEFINITION'
  constructor(facts: ErrorFacts = {}) {
    super(
      `What runs under ${facts.key} has another definition of the id ${facts.service}.`,
      'Define a service once, outside of components. After a hot reload load the page or app anew, or stop the service first.',
      facts,
    )
  }
}
