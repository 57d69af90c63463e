import { setup } from 'xstate'

// No worker may.
process.chdir('.')
export const machine = setup({}).createMachine({ id: 'settled', on: { ADD: {} } })
