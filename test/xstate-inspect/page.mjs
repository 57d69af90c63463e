// An application in a browser with XState 4 that shows itself over `@xstate/inspect`, in an iframe or in a window.
import { inspect } from '@xstate/inspect'
import { interpret } from 'xstate'
import { shop } from './shop.mjs'

const url = decodeURIComponent(location.hash.slice(1))

function start(iframe) {
  inspect({ iframe, url })
  const service = interpret(shop, { devTools: true })
  service.onTransition(({ context }) => {
    document.querySelector('output').textContent = `sold ${context.sold}`
  })
  service.start()
  document.querySelector('#press').addEventListener('click', () => service.send({ type: 'SELL' }))
}

document.querySelector('#frame').addEventListener('click', () => start(document.querySelector('iframe')))
document.querySelector('#window').addEventListener('click', () => start(false))
