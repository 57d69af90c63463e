import { expect, test } from 'vitest'
import { advice } from '../../src/cli/advice.js'
import { remedyOf } from '../../src/cli/remedies.js'
import * as control from '../../src/control/errors.js'
import { problemOf, type TardigradeError } from '../../src/errors/base.js'
import * as checkpoint from '../../src/errors/checkpoint.js'
import * as cli from '../../src/errors/cli.js'
import * as service from '../../src/errors/service.js'
import * as store from '../../src/errors/store.js'

const facts = { service: 'lamp', key: 'the hall' }

/** Every error whose own remedy is for those who write code, as a command may meet it. */
const errors: readonly TardigradeError[] = [
  new service.InvalidEventError('it is no object', facts),
  new service.ServiceEndedError('done', facts),
  new service.ServiceEndedError('failed', facts),
  new service.ServiceEndedError('stopped', facts),
  new service.BackPressureError(7, facts),
  new service.MachineFailedError(facts),
  new service.EffectFailedError('ring', 'lamp/1/0', facts),
  new service.UnknownServiceError({ key: 'the hall' }),
  new service.UnknownServiceError(facts),
  new service.NoGoodCheckpointError(facts),
  new service.SupervisorClosedError(facts),
  new service.FailedEarlierError({ name: 'Error', message: 'it burst', atMs: 0 }, facts),
  new checkpoint.DamagedCheckpointError('no checksum', facts),
  new checkpoint.InvalidCheckpointError('root', 'no state', facts),
  new checkpoint.ForeignCheckpointError('job', 'lamp', facts),
  new store.StoreLockedError('/store', 7),
  new store.StaleEpochError(1, 2),
  new store.SequenceError(1, 2, facts),
  new store.StoreFullError('/store', facts),
  new store.StoreFailedError('/store', facts),
  new store.StoreUnreachableError('/store', 'refused', facts),
  new store.StoreClosedError('/store'),
  new control.InvalidRequestError('no type'),
  new control.RemoteError('UNKNOWN_SERVICE', 'There is none.', 'Start it with supervisor.start.', facts),
]

/** What can be done in code alone. */
const IN_CODE = /supervisor|service\.|createSupervisor|Control\(|callControl|maxPending|\bawait|Claim it/i

test.each(errors.map((error) => [error.code, error] as const))(
  '%s is answered with what can be done at a prompt',
  (_, error) => {
    expect(remedyOf(error)).not.toMatch(IN_CODE)
    expect(remedyOf(error)).toMatch(/^[A-Z].*\.$/s)
    expect(problemOf(error)).not.toContain(error.remedy)
  },
)

test('a key is quoted, for the shell', () => {
  expect(remedyOf(new service.MachineFailedError(facts))).toContain("--key 'the hall' --retry")
  expect(remedyOf(new service.MachineFailedError())).toContain('--key KEY --retry')
})

test.each([
  ['done', 'tardigrade rm '],
  ['failed', '--retry'],
  ['stopped', "tardigrade run MODULE --key 'the hall'`"],
])('a service that is %s has a remedy of its own', (state, says) => {
  expect(remedyOf(new service.ServiceEndedError(state, facts))).toContain(says)
})

test('other errors keep their own remedy', () => {
  const error = new cli.StoreNotFoundError('/store')
  expect(remedyOf(error)).toBe(error.remedy)
})

test('commands in advice are called as this one was, and name the store that it was given', () => {
  const text = 'See `tardigrade ls`, `show` or `tardigrade run MODULE --key a`.'
  const command = 'tardigrade'
  expect(advice({ store: undefined, command }, text)).toBe(text)
  expect(advice({ store: 'my store', command }, text)).toBe(
    "See `tardigrade --store 'my store' ls`, `show` or `tardigrade --store 'my store' run MODULE --key a`.",
  )
  expect(advice({ store: '$&', command: 'npx tardigrade' }, '`tardigrade ls`, `tardigrade --help`')).toBe(
    "`npx tardigrade --store '$&' ls`, `npx tardigrade --help`",
  )
})

test('a problem is what an error says before its remedy', () => {
  expect(problemOf(new cli.UsageError('It is wrong.', 'Mend it.'))).toBe('It is wrong.')
  expect(problemOf({ message: 'It is wrong.', remedy: 'Mend it.' })).toBe('It is wrong.')
  expect(problemOf({ message: 'It is wrong.', remedy: '' })).toBe('It is wrong.')
  expect(problemOf(new Error('It is wrong.'))).toBe('It is wrong.')
})
