// An application with XState 4 that waits for an inspector on a port (the first argument, 0 for any), as its documentation has it.
import { inspect } from '@xstate/inspect/lib/server.js'
import { WebSocketServer } from 'ws'
import { interpret } from 'xstate'
import { shop } from './shop.mjs'

const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1' })
inspect({ server })
const service = interpret(shop, { devTools: true })
service.onTransition(({ value, context }) => console.log(JSON.stringify({ value, context })))
service.start()
server.on('listening', () => console.log(JSON.stringify({ port: server.address().port })))
process.stdin.on('data', (data) => service.send(JSON.parse(String(data))))
