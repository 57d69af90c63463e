import { EventEmitter } from 'node:events'
import { InvalidOptionError } from 'tardigrade'
import { electronHost } from 'tardigrade/hosts/electron'
import { expect, test, vi } from 'vitest'
import { describeHostContract } from './contract.js'
import { hearing } from './hearing.js'

/** The main process of Electron: a quit that is put off goes on when the app quits again. */
function electron(onBattery = false) {
  const powerMonitor = Object.assign(new EventEmitter(), { isOnBatteryPower: () => onBattery })
  const ended = vi.fn()
  const app = Object.assign(new EventEmitter(), {
    quit() {
      let prevented = false
      app.emit('will-quit', { preventDefault: () => (prevented = true) })
      if (!prevented) ended()
    },
  })
  const listeners = () =>
    [app, powerMonitor].reduce(
      (sum, emitter) => emitter.eventNames().reduce((n, name) => n + emitter.listenerCount(name), sum),
      0,
    )
  return { app, powerMonitor, ended, listeners }
}

describeHostContract('electronHost', () => {
  const { app, powerMonitor, listeners } = electron()
  const pair = (begin: string, end: string) => ({
    begin: () => powerMonitor.emit(begin),
    end: () => powerMonitor.emit(end),
  })
  return {
    host: electronHost({ app, powerMonitor, deadlineMs: 70 }),
    interruptions: {
      frozen: pair('suspend', 'resume'),
      'screen-locked': pair('lock-screen', 'unlock-screen'),
      'on-battery': pair('on-battery', 'on-ac'),
    },
    shutdown: () => app.quit(),
    deadlineMs: 70,
    listeners,
  }
})

test('a quit is put off until every service rests, and happens then, however often it was asked for', async () => {
  const { app, powerMonitor, ended } = electron()
  let rest: () => void = () => {}
  const { sink, heard } = hearing(new Promise((resolve) => (rest = resolve)))
  electronHost({ app, powerMonitor })(sink)
  app.quit()
  app.quit()
  powerMonitor.emit('shutdown', { preventDefault: () => {} })
  expect(heard).toEqual(['shutdown within 10000'])
  expect(ended).not.toHaveBeenCalled()
  rest()
  await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce())
  expect(heard).toHaveLength(1)
})

test('a machine that begins on its battery is told as that', () => {
  const { app, powerMonitor } = electron(true)
  const { sink, heard } = hearing()
  electronHost({ app, powerMonitor })(sink)
  expect(heard).toEqual(['interrupt on-battery'])
})

test.each([{}, { app: new EventEmitter() }, { ...electron(), deadlineMs: -1 }])(
  '%o is refused',
  (options) => {
    expect(() => electronHost(options as never)).toThrow(InvalidOptionError)
  },
)
