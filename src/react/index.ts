export { ServerRenderingError } from './errors.js'
export { forgetFailedStarts, type SupervisorSource } from './started.js'
export { useService } from './use-service.js'
export { useServiceSelector } from './use-service-selector.js'
