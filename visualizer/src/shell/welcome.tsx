import type { JSX } from 'preact'
import { Coded } from './coded.js'
import { Mark } from './mark.js'
import { connection, openFile } from './session.js'

/** For whoever opens the page without an address that says where to look. */
export function Welcome(): JSX.Element {
  const standing = connection.value
  return (
    <main
      class="welcome"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        const file = event.dataTransfer?.files[0]
        if (file !== undefined) openFile(file)
      }}
    >
      <Mark />
      <h1>Tardigrade</h1>
      {standing.status === 'refused' && (
        <p class="problem" role="alert">
          <Coded text={standing.reason} />
        </p>
      )}
      <p>
        Start <code>npx tardigrade inspect</code> and open the address that it prints: the part after{' '}
        <code>#</code> lets you in.
      </p>
      <label class="file">
        {standing.status === 'refused' ? 'Open another recorded trace' : 'Open a recorded trace'}
        <input
          type="file"
          accept=".json,application/json"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0]
            if (file !== undefined) openFile(file)
          }}
        />
      </label>
    </main>
  )
}
