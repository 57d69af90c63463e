import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SIZE_MB = 64

/**
 * EXT4_IOC_SHUTDOWN, whose flags say what becomes of the journal: 1 writes what it holds, 2 does not even that. No data
 * that was not synced is written either way, and nothing can be written any more: as when the power goes.
 */
const SHUT_DOWN =
  'ioctl(do { open my $d, "<", $ARGV[0] or die $!; $d }, 0x8004587D, pack("I", $ARGV[1])) or die $!'

/** An ext4 file system of its own, in a file, that can lose its power. */
export class Volume {
  readonly #parent = mkdtempSync(join(tmpdir(), 'tardigrade-ext4-'))
  readonly #image = join(this.#parent, 'image')
  readonly folder = join(this.#parent, 'mounted')
  #mounted = false

  /** @throws {Error} this machine does not let us, with the reason */
  constructor() {
    try {
      if (process.platform !== 'linux') throw new Error('it is no Linux')
      if (process.getuid?.() !== 0) throw new Error('mounting needs root')
      mkdirSync(this.folder)
      run('truncate', '-s', `${SIZE_MB}M`, this.#image)
      run('mkfs.ext4', '-q', this.#image)
      this.mount()
      run('perl', '-e', '1')
    } catch (error) {
      this.remove()
      throw error
    }
  }

  mount(): void {
    run('mount', '-o', 'loop', this.#image, this.folder)
    this.#mounted = true
  }

  /** The power goes. */
  cutPower(flushJournal: boolean): void {
    run('perl', '-e', SHUT_DOWN, this.folder, flushJournal ? '1' : '2')
  }

  /** The power comes back: the file system recovers from its journal. */
  recover(): void {
    this.#unmount()
    this.mount()
  }

  remove(): void {
    // Whatever still has a file of it open must not keep it here.
    this.#unmount('--lazy')
    rmSync(this.#parent, { recursive: true, force: true })
  }

  #unmount(...options: readonly string[]): void {
    if (!this.#mounted) return
    run('umount', ...options, this.folder)
    this.#mounted = false
  }
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
