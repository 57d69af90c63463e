import type { JSX } from 'preact'
import { isEnded, store } from './session.js'
import { storeOption } from './store-option.js'

/** The server is gone: what brings it back, and what becomes of the page. */
export function Lost(): JSX.Element {
  const { command, pid, store: place } = store.value.hello.value ?? {}
  const option = storeOption()
  const look = option !== '' && (
    <>
      look at what it has left with <code>npx tardigrade inspect{option}</code>
    </>
  )
  if (isEnded.value)
    return (
      <p class="problem ended" role="status">
        The process that showed itself here, {pid}, has closed its supervisor in good order.
        {look && <> You may {look}.</>}
      </p>
    )
  return (
    <p class="problem lost" role="status">
      {command === undefined ? (
        <>
          The process that shows itself here{pid !== undefined && `, ${pid},`} is gone. Start the program
          again that runs the services{place !== undefined && ` of ${place}`}
          {look && <>, or {look}</>}
        </>
      ) : (
        <>
          The server of this page is gone. Start it again: <code>{command}</code>
        </>
      )}
      . The page connects by itself and goes on; until then it shows what it knew.
    </p>
  )
}
