import { render } from 'preact'
import { App } from './shell/app.js'
import { startClock } from './shell/clock.js'
import { later, loadWhenIdle } from './shell/later.js'
import { followAddress } from './shell/link.js'
import { startSession } from './shell/session.js'
import { startTheme } from './shell/theme.js'

later(() => import('./shell/keep-focus.js').then(({ keepFocus }) => keepFocus()))
startTheme()
startClock()
followAddress()
startSession()
const place = document.getElementById('app')
if (place !== null) render(<App />, place)
loadWhenIdle()
