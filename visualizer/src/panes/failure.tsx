import type { JSX } from 'preact'
import { argument, inFull } from '../../../src/errors/argument.js'
import type { Shown } from '../../../src/inspect/shown.js'
import { Coded } from '../shell/coded.js'
import { storeOption } from '../shell/store-option.js'
import { errorTold } from './error-text.js'
import { Part } from './part.js'
import { Tree } from './tree.js'

/** Why a service has failed, and what to do; all else that the error holds is folded. */
export function Failure({
  error,
  serviceKey,
  isTold,
}: {
  readonly error: Shown
  readonly serviceKey: string
  /** What is wrong and what to do is said beside it already. */
  readonly isTold: boolean
}): JSX.Element {
  const told = isTold ? undefined : errorTold(error)
  return (
    <Part title="Failure">
      {told !== undefined && (
        <p class="bad error">
          <strong>{told.name}</strong> <Coded text={told.problem} />
        </p>
      )}
      {told?.remedy !== undefined && (
        <p class="error">
          <Coded
            text={inFull(
              told.remedy.replaceAll(/\bretry KEY\b/g, () => `retry ${argument(serviceKey)}`),
              storeOption(),
            )}
          />
        </p>
      )}
      <ul class="tree">
        <Tree name="all of it" value={error} before={undefined} />
      </ul>
    </Part>
  )
}
