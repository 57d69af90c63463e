// An application with XState 5 that shows itself over `@statelyai/inspect`, in an iframe or in a window.
import { createBrowserInspector } from '@statelyai/inspect'
import { createActor, createMachine } from 'xstate'

// The package waits for an idle moment, which a busy machine may never have; without one it takes the next frame.
Object.assign(window, { requestIdleCallback: undefined })

const lamp = createMachine({
  id: 'lamp',
  context: { room: 'hall' },
  initial: 'off',
  states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' } } },
})

const url = decodeURIComponent(location.hash.slice(1))

function start(iframe: HTMLIFrameElement | null): void {
  const { inspect } = createBrowserInspector({ url, iframe })
  const actor = createActor(lamp, { inspect }).start()
  document.querySelector('#press')?.addEventListener('click', () => actor.send({ type: 'PRESS' }))
}

document.querySelector('#frame')?.addEventListener('click', () => start(document.querySelector('iframe')))
document.querySelector('#window')?.addEventListener('click', () => start(null))
