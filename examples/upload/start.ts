import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { serve } from './server.js'

/** `npm run example:upload`, which runs in the project's folder. */
const PORT = 8087

await build({ configFile: 'examples/upload/vite.config.ts', logLevel: 'warn' })
const uploads = join(tmpdir(), 'tardigrade-uploads')
const { address } = await serve({ page: 'dist/examples/upload/page', uploads, port: PORT })
console.log(`Open ${address} and upload a file; what comes is in ${uploads}. Ctrl+C ends this.`)
