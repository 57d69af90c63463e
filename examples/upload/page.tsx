import { StrictMode, Suspense, use, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Row } from './row.js'
import { openUploads, type Upload } from './uploads.js'

const opening = openUploads()

/** What can be asked of a transfer, in bytes a second. */
const PACES = { 'as fast as it goes': undefined, '1 MB a second': 1_000_000, '100 kB a second': 100_000 }

function Uploads() {
  const { begun, begin, remove } = use(opening)
  const [uploads, setUploads] = useState<readonly Upload[]>(begun)
  const [problem, setProblem] = useState<string>()
  const [keeping, setKeeping] = useState<string>()

  const choose = async (file: File, pace: number | undefined) => {
    setKeeping(file.name)
    setProblem(undefined)
    try {
      const upload = await begin(file, pace)
      setUploads((others) => [...others, upload])
    } catch (error) {
      setProblem(`${file.name} cannot be uploaded: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      setKeeping(undefined)
    }
  }

  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const form = event.currentTarget
          const chosen = new FormData(form)
          const file = chosen.get('file')
          const pace = PACES[String(chosen.get('pace')) as keyof typeof PACES]
          if (file instanceof File && file.name !== '') void choose(file, pace).then(() => form.reset())
        }}
      >
        <input name="file" type="file" aria-label="File" required />
        <label>
          at{' '}
          <select name="pace">
            {Object.keys(PACES).map((pace) => (
              <option key={pace}>{pace}</option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={keeping !== undefined}>
          Upload
        </button>
        {keeping !== undefined && <span className="faint">Keeping a copy of {keeping} …</span>}
        {problem !== undefined && <span className="alarm">{problem}</span>}
      </form>
      {uploads.length === 0 && <p className="faint">Nothing is being uploaded.</p>}
      <ul>
        {uploads.map((upload) => (
          <Row
            key={upload.key}
            upload={upload}
            remove={async () => {
              await remove(upload)
              setUploads((others) => others.filter((other) => other !== upload))
            }}
          />
        ))}
      </ul>
    </>
  )
}

const root = document.getElementById('page')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <h1>Uploads that go on</h1>
      <p className="faint">
        Close the tab in the middle and open it again: each goes on at the chunk that it had reached.
      </p>
      <Suspense
        fallback={<p className="faint">Looking for uploads; if another tab has them open, it shows them.</p>}
      >
        <Uploads />
      </Suspense>
    </StrictMode>,
  )
}
