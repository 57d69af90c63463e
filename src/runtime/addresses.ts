/** Whether a text is the origin of web pages, and nothing more: a browser sends it in just this form. */
export function isOrigin(value: unknown): boolean {
  const url = parsed(value)
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.origin === value
}

/** Whether a text is the URL of a WebSocket. */
export function isWebSocketUrl(value: unknown): boolean {
  const url = parsed(value)
  return (url?.protocol === 'ws:' || url?.protocol === 'wss:') && url.hash === ''
}

function parsed(value: unknown): URL | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
}
