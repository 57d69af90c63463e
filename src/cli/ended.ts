import type { Service } from '../runtime/service.js'

/** How a service came to its end in this process. */
export type End =
  | { readonly state: 'done' | 'stopped' }
  | { readonly state: 'failed'; readonly failure: Error | undefined }

/** Resolves when the service is done, stopped or failed. */
export function ended(service: Service): Promise<End> {
  return new Promise((resolve) => {
    const look = () => {
      const { value, context } = service.getSnapshot()
      if (value === 'failed') resolve({ state: value, failure: context.failure })
      if (value === 'done' || value === 'stopped') resolve({ state: value })
    }
    service.subscribe({ next: look, complete: look })
    look()
  })
}
