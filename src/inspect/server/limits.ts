/** Beyond this a WebSocket itself ends the connection. */
export const MOST_BYTES = 4 * 1024 * 1024
