import { browserHost } from 'tardigrade/hosts/browser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hearing } from '../hosts/hearing.js'
import { settle } from '../kit/clock.js'

beforeEach(() => listenWith(new Teller()))
afterEach(() => vi.unstubAllGlobals())

/** What a page or a worker listens with. */
function listenWith(window: EventTarget): void {
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
}

const batteryHost = (lowBattery: number) => browserHost({ lowBattery, network: false, dataSaver: false })
const saverHost = browserHost({ lowBattery: false, network: false })

/** What a browser has that tells of changes; `listeners` tells of which. */
class Teller extends EventTarget {
  readonly listeners = new Map<string, number>()
  /** Every type that was ever listened to. */
  readonly asked = new Set<string>()

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.asked.add(args[0])
    this.listeners.set(args[0], (this.listeners.get(args[0]) ?? 0) + 1)
    super.addEventListener(...args)
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listeners.set(args[0], (this.listeners.get(args[0]) ?? 0) - 1)
    super.removeEventListener(...args)
  }

  get heardBySomebody(): string[] {
    return [...this.listeners].flatMap(([type, count]) => (count > 0 ? type : []))
  }
}

describe('the battery', () => {
  function battery(level: number, charging: boolean) {
    const battery = Object.assign(new Teller(), { level, charging })
    // As in Chromium it must be called as the navigator's own.
    const navigator = {
      getBattery() {
        if (this !== navigator) throw new TypeError('Illegal invocation')
        return Promise.resolve(battery)
      },
    }
    vi.stubGlobal('navigator', navigator)
    const becomes = (change: { level?: number; charging?: boolean }) => {
      Object.assign(battery, change)
      battery.dispatchEvent(new Event(change.level === undefined ? 'chargingchange' : 'levelchange'))
    }
    return { battery, becomes }
  }

  test('is low at the share that was chosen or below, while it is not charged', async () => {
    const { battery: source, becomes } = battery(0.5, false)
    const { sink, heard } = hearing()
    const end = batteryHost(0.2)(sink)
    await settle()
    expect(heard).toEqual([])
    becomes({ level: 0.21 })
    expect(heard).toEqual([])
    becomes({ level: 0.2 })
    expect(heard.splice(0)).toEqual(['interrupt low-battery'])
    becomes({ level: 0.1 })
    becomes({ charging: true })
    expect(heard.splice(0)).toEqual(['release low-battery'])
    becomes({ charging: false })
    expect(heard.splice(0)).toEqual(['interrupt low-battery'])
    becomes({ level: 0.9 })
    expect(heard).toEqual(['release low-battery'])
    void end()
    expect(source.heardBySomebody).toEqual([])
  })

  test('that is low at the start is told as that', async () => {
    battery(0.1, false)
    const { sink, heard } = hearing()
    batteryHost(0.15)(sink)
    await vi.waitFor(() => expect(heard).toEqual(['interrupt low-battery']))
  })

  test('that is told after the end is listened to by nobody', async () => {
    const { battery: source } = battery(0.1, false)
    const { sink, heard } = hearing()
    void batteryHost(0.15)(sink)()
    await settle()
    expect([heard, [...source.asked]]).toEqual([[], []])
  })

  test.each([
    ['has none', {}],
    ['may not ask', { getBattery: () => Promise.reject(new Error('NotAllowedError')) }],
  ])('of a browser that %s says nothing', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator)
    const { sink, heard } = hearing()
    const end = batteryHost(0.15)(sink)
    await settle()
    void end()
    expect(heard).toEqual([])
  })
})

describe('data-saver', () => {
  test('holds while the user asks for little traffic', () => {
    const connection = Object.assign(new Teller(), { saveData: true })
    vi.stubGlobal('navigator', { connection })
    const { sink, heard } = hearing()
    const end = saverHost(sink)
    expect(heard.splice(0)).toEqual(['interrupt data-saver'])
    connection.saveData = false
    connection.dispatchEvent(new Event('change'))
    // The network may change without it.
    connection.dispatchEvent(new Event('change'))
    expect(heard.splice(0)).toEqual(['release data-saver'])
    void end()
    expect(connection.heardBySomebody).toEqual([])
  })

  test.each([{}, { connection: new Teller() }])(
    'of a browser that does not know it (%o) says nothing',
    (navigator) => {
      vi.stubGlobal('navigator', navigator)
      const { sink, heard } = hearing()
      void saverHost(sink)()
      expect(heard).toEqual([])
    },
  )
})

describe('a page', () => {
  function page() {
    const window = new Teller()
    const document = Object.assign(new Teller(), { visibilityState: 'visible' })
    vi.stubGlobal('navigator', { onLine: true })
    vi.stubGlobal('document', document)
    listenWith(window)
    const { sink, heard } = hearing()
    const end = browserHost()(sink)
    const says = (type: string, persisted: boolean) =>
      window.dispatchEvent(Object.assign(new Event(type), { persisted }))
    return { window, document, heard, end, says }
  }

  test('that goes for good ends the supervisor, once', () => {
    const { heard, says } = page()
    says('pagehide', false)
    says('pagehide', false)
    expect(heard).toEqual(['shutdown'])
  })

  test('that is kept for “back” begins nothing as it goes, and has every service rest once as it comes back', () => {
    const { heard, says } = page()
    says('pagehide', true)
    expect(heard).toEqual([])
    says('pageshow', false)
    expect(heard).toEqual([])
    says('pageshow', true)
    expect(heard).toEqual(['interrupt frozen', 'release frozen'])
  })

  test('is never listened to for what would keep it from being kept for “back”, and for nothing after the end', () => {
    const { window, document, end } = page()
    expect([...window.asked].sort()).toEqual(['offline', 'online', 'pagehide', 'pageshow'])
    expect([...document.asked].sort()).toEqual(['resume', 'visibilitychange'])
    void end()
    expect([...window.heardBySomebody, ...document.heardBySomebody]).toEqual([])
  })
})
