import { useServiceSelector } from 'tardigrade/react'
import { progressOf } from '../../machines/transfer/progress.js'
import type { Upload } from './uploads.js'

/** The states of the machine, in words. */
const WORDS = {
  measuring: 'Looking at the file',
  copying: 'Uploading',
  verifying: 'Comparing SHA-256',
  stumbled: 'Stumbled',
  waiting: 'Trying again soon',
  failed: 'Failed',
  cancelling: 'Being cancelled',
  cancelled: 'Cancelled',
  done: 'Done',
}

/** What a service fails with when another tab has its store: one that was frozen meanwhile, or that has older code. */
const ELSEWHERE = new Set(['STALE_EPOCH', 'NEWER_STORE'])

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** One upload: how far it is, why it rests, and what can be asked of it. */
export function Row({ upload, remove }: { upload: Upload; remove: () => Promise<void> }) {
  const machine = useServiceSelector(upload, (snapshot) => snapshot)
  const { value, context } = useServiceSelector(upload, (_, lifecycle) => lifecycle)
  const { phase, bytesDone, bytesTotal, chunk, chunks, problem } = progressOf(machine)
  const { plan, sha256 } = machine.context
  const name = decodeURIComponent(plan.to.split('/').at(-1) ?? '')
  const over = value === 'done' || value === 'failed'
  const asked = context.holds.includes('user')
  const rests = value === 'paused' && `Paused: ${asked ? 'as you asked' : context.holds.join(', ')}`
  const comesToRest = value === 'checkpointing' && asked && 'Coming to rest'
  const state = rests || comesToRest || (value === 'failed' && 'Stopped') || WORDS[phase]
  const { failure } = context
  const isElsewhere = failure !== undefined && 'code' in failure && ELSEWHERE.has(String(failure.code))
  const trouble = isElsewhere ? 'Another tab has the uploads now.' : (failure?.message ?? problem?.message)

  return (
    <li data-phase={phase} data-state={value}>
      <h2>{name}</h2>
      <progress value={bytesDone} max={bytesTotal ?? 1} aria-label={`${name}, uploaded`} />
      <div className="facts">
        <span>{state}</span>
        <span className="faint">
          {bytesTotal !== undefined &&
            `${megabytes(bytesDone)} of ${megabytes(bytesTotal)}, chunk ${chunk} of ${chunks}`}
        </span>
      </div>
      {trouble !== undefined && phase !== 'done' && <p className="alarm">{trouble}</p>}
      {sha256 !== undefined && (
        <p className="faint">
          SHA-256 <code>{sha256}</code>
        </p>
      )}
      <div className="buttons">
        {!over && (
          <button type="button" onClick={() => void (asked ? upload.resume() : upload.pause())}>
            {asked ? 'Go on' : 'Pause'}
          </button>
        )}
        {!over && (phase === 'waiting' || phase === 'failed') && (
          <button type="button" onClick={() => void upload.send({ type: 'RETRY' })}>
            Try again
          </button>
        )}
        {isElsewhere && (
          <button type="button" onClick={() => location.reload()}>
            Load this page anew
          </button>
        )}
        {value === 'failed' && !isElsewhere && (
          <button type="button" onClick={() => void upload.retry().catch(() => {})}>
            Try again
          </button>
        )}
        {!isElsewhere && (
          <button type="button" onClick={() => void remove()}>
            {over ? 'Remove' : 'Cancel'}
          </button>
        )}
      </div>
    </li>
  )
}
