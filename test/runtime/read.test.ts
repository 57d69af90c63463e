import { DamagedCheckpointError, NewerCheckpointError } from 'tardigrade'
import { expect, test } from 'vitest'
import { seal } from '../../src/checkpoint/seal.js'
import { codecOf } from '../../src/runtime/codecs.js'
import { readCheckpoint } from '../../src/runtime/read.js'
import { Rest } from '../../src/runtime/rest.js'
import type { TreeCodec } from '../../src/xstate/codec.js'
import { counter } from './machines.js'

const definition = counter()
const codec = codecOf(definition)

/** What reading it throws. */
function thrown(text: string, by: TreeCodec = codec): unknown {
  try {
    readCheckpoint(text, definition, 'k', by)
  } catch (error) {
    return error
  }
  throw new Error('it was read')
}

test('a checkpoint of a later format is of a newer version of this library, whatever is in it', () => {
  const error = thrown(seal('{}').replace('tardigrade/1 ', 'tardigrade/2 '))
  expect(error).toBeInstanceOf(NewerCheckpointError)
  expect(error).toMatchObject({ service: 'counter', key: 'k' })
})

test('whatever reading throws is told as damage, with its cause', () => {
  const cause = new RangeError('too deep')
  const breaks: TreeCodec = {
    ...codec,
    decode: () => {
      throw cause
    },
  }
  const error = thrown(seal('{}'), breaks)
  expect(error).toBeInstanceOf(DamagedCheckpointError)
  expect(error).toMatchObject({ service: 'counter', key: 'k', cause })
})

test('nobody gets a checkpoint of a service that has none to rest in', () => {
  const rest = new Rest(definition, 'k', codec)
  expect(rest.known).toBe(false)
  expect(() => rest.record).toThrow('no checkpoint to rest in')
})
