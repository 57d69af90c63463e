// `npm start`: sets up, then becomes the transfer.
//
// npm passes a signal to the shell that it started, and the shell keeps it to itself: whoever ends npm would
// leave this process behind, with the store in its hands. So it ends politely when its parent is gone.
const parent = process.ppid
const LOOK_EVERY_MS = 250
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
}, LOOK_EVERY_MS).unref()

await import('./setup.mjs?start')
await import('../dist/scripts/transfer.js')
