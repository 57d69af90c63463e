import { type TaskScope, task } from 'tardigrade'
import { copy } from './copy.js'
import { discard } from './file-target.js'
import { isHttp, planOf } from './input.js'
import { transferMachineOf } from './machine-of.js'
import { measure } from './measure.js'
import { verify } from './verify.js'

/** The machine of a transfer of files, in Node. */
export const transferMachine = transferMachineOf({
  planOf,
  measure,
  copy,
  verify,
  discard: task(async ({ input }: TaskScope<{ place: string | undefined }>): Promise<void> => {
    // An HTTP upload that nobody ends is the server's to forget.
    if (input.place !== undefined && !isHttp(input.place)) await discard(input.place)
  }),
})
