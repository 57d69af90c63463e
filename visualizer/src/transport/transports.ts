export { playRecorded } from './recorded.js'
export { connect } from './socket.js'
