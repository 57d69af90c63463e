import { computed } from '@preact/signals'
import { link } from '../shell/link.js'
import { connection, store } from '../shell/session.js'

/** Whether the server takes what is asked for, and what is shown is now. */
export const isOffered = computed(
  () =>
    store.value.hello.value?.control === true &&
    connection.value.status === 'open' &&
    link.value.at === undefined,
)
