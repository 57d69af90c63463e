import { computed } from '@preact/signals'
import { link } from '../shell/link.js'
import { connection, isLost, store } from '../shell/session.js'

/** Whether the server takes what is asked for, or did until it was gone, and what is shown is now. */
export const isOffered = computed(
  () =>
    store.value.hello.value?.control === true &&
    (connection.value.status === 'open' || isLost.value) &&
    link.value.at === undefined,
)
