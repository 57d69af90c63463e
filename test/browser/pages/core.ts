// What an application loads of this package for services in a page.
export { createSupervisor, defineService, task } from 'tardigrade'
export { browserHost } from 'tardigrade/hosts/browser'
export { indexedDbStore } from 'tardigrade/stores/indexeddb'
