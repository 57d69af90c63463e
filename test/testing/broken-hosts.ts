import type { Host, HostSink } from 'tardigrade'
import type { MakeHost } from 'tardigrade/testing'

/** A platform that goes offline and into the background, and ends. */
class Platform {
  readonly #listeners = new Map<string, Set<() => void>>()

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0)
  }

  on(type: string, run: () => void): () => void {
    const all = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, all.add(run))
    return () => void all.delete(run)
  }

  emit(type: string): void {
    for (const run of [...(this.#listeners.get(type) ?? [])]) run()
  }
}

/** What the sound host does at each event of its platform. */
function reactions(sink: HostSink): Record<string, () => void> {
  let ending = false
  return {
    offline: () => void sink.interrupt('offline'),
    online: () => void sink.release('offline'),
    hide: () => void sink.interrupt('background', { deadlineMs: 500 }),
    show: () => void sink.release('background'),
    end: () => {
      if (!ending) void sink.shutdown({ deadlineMs: 300 })
      ending = true
    },
  }
}

/** A host that reacts as said; its cleanup takes all listeners away. */
const host =
  (platform: Platform, reacts: (sink: HostSink) => Record<string, () => void>): Host =>
  (sink) => {
    const offs = Object.entries(reacts(sink)).map(([type, run]) => platform.on(type, run))
    return () => {
      for (const off of offs) off()
    }
  }

/** A platform with a host, as the suite wants it. */
function under(make: (platform: Platform) => Host): MakeHost {
  return () => {
    const platform = new Platform()
    const emit = (type: string) => () => platform.emit(type)
    return {
      host: make(platform),
      interruptions: {
        offline: { begin: emit('offline'), end: emit('online') },
        background: { begin: emit('hide'), end: emit('show') },
      },
      shutdown: emit('end'),
      deadlineMs: 300,
      listeners: () => platform.listeners,
    }
  }
}

/** The same host with other reactions to some events. */
const reacting = (change: (sink: HostSink) => Record<string, () => void>) =>
  under((platform) => host(platform, (sink) => ({ ...reactions(sink), ...change(sink) })))

/** A host without a mistake. */
export const soundHost: MakeHost = under((platform) => host(platform, reactions))

/** Another one, whose platform leaves less time when it tells of its end again. */
export const hasteningHost: MakeHost = reacting((sink) => {
  const leftMs = [300, 50]
  const end = () => {
    const deadlineMs = leftMs.shift()
    if (deadlineMs !== undefined) void sink.shutdown({ deadlineMs })
  }
  return { end }
})

/** A host with a mistake in it, and the cases that must find it. */
export interface BrokenHost {
  /** What it does wrong, as a sentence without its subject. */
  readonly mistake: string
  readonly make: MakeHost
  readonly caughtBy: readonly string[]
}

/** Each stands for a mistake that somebody has made in a host. */
export const brokenHosts: readonly BrokenHost[] = [
  {
    mistake: 'is set up by a promise',
    make: under((platform) => (async (sink: HostSink) => host(platform, reactions)(sink)) as unknown as Host),
    caughtBy: ['answers its setup with its cleanup'],
  },
  {
    mistake: 'leaves a listener',
    make: under((platform) => (sink) => {
      platform.on('battery', () => {})
      return host(platform, reactions)(sink)
    }),
    caughtBy: ['leaves no listener behind'],
  },
  {
    mistake: 'has a cleanup that does nothing',
    make: under((platform) => (sink) => {
      host(platform, reactions)(sink)
      return () => {}
    }),
    caughtBy: ['leaves no listener behind', 'says nothing after its cleanup'],
  },
  {
    mistake: 'has one sink for all supervisors',
    make: under((platform) => {
      let last: HostSink | undefined
      let off = () => {}
      return (sink) => {
        last = sink
        off()
        off = host(platform, () => reactions(last ?? sink))(sink)
        return () => off()
      }
    }),
    caughtBy: ['serves several supervisors, each for itself'],
  },
  {
    mistake: 'shuts down each time',
    make: reacting((sink) => ({ end: () => void sink.shutdown({ deadlineMs: 300 }) })),
    caughtBy: ['shuts down once, however often the platform says it'],
  },
  {
    mistake: 'forgets the deadline',
    make: reacting((sink) => ({ end: () => void sink.shutdown() })),
    caughtBy: ['gives the deadline of its platform at a shutdown'],
  },
  {
    mistake: 'never says that the process ends',
    make: reacting(() => ({ end: () => {} })),
    caughtBy: [
      'shuts down once, however often the platform says it',
      'gives the deadline of its platform at a shutdown',
      'brings a supervisor to rest at a shutdown, and gives its store back',
    ],
  },
  {
    mistake: 'computes a deadline that is no number',
    make: reacting((sink) => ({
      hide: () => void sink.interrupt('background', { deadlineMs: Number('5s') }),
    })),
    caughtBy: ['gives deadlines that are times, or none'],
  },
  {
    mistake: 'never releases',
    make: reacting(() => ({ online: () => {} })),
    caughtBy: [
      'says each interruption when it comes, and releases it when it is over',
      'pauses a service while an interruption is in force, and lets it go on',
    ],
  },
  {
    mistake: 'releases all that it holds',
    make: reacting((sink) => ({
      online: () => {
        void sink.release('offline')
        void sink.release('background')
      },
    })),
    caughtBy: ['holds just what is in force, whatever comes and goes'],
  },
  {
    mistake: 'says a word of its own beside the right one',
    make: reacting((sink) => ({
      hide: () => {
        void sink.interrupt('background')
        void sink.interrupt('hidden')
      },
      show: () => {
        void sink.release('background')
        void sink.release('hidden')
      },
    })),
    caughtBy: ['says no word that nobody knows'],
  },
  {
    mistake: 'misspells its word',
    make: reacting((sink) => ({ offline: () => void sink.interrupt('off-line') })),
    caughtBy: [
      'says each interruption when it comes, and releases it when it is over',
      'says no word that nobody knows',
      'pauses a service while an interruption is in force, and lets it go on',
    ],
  },
]
