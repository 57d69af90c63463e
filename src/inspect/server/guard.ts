/** Names by which a browser on this machine reaches the server. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** The headers of a request, one name and one value after another, as they came. */
export type RawHeaders = readonly string[]

/**
 * Whether a request is one that this server may answer: it names the server by a loopback name and its own port, and a browser that
 * sends it shows a page of this very server.
 *
 * Any web page can have a browser send requests here. `Host` tells a page whose name was bound to 127.0.0.1 (DNS rebinding), `Origin`
 * every other foreign one. Clients that are no browsers send no `Origin`.
 *
 * @param allowed origins of other pages that may ask, too
 */
export function isOwnRequest(headers: RawHeaders, port: number, allowed: readonly string[] = []): boolean {
  const hosts = valuesOf(headers, 'host')
  const origins = valuesOf(headers, 'origin')
  const [host] = hosts
  if (hosts.length !== 1 || host === undefined || !isOwnHost(host, port)) return false
  if (origins.length === 0) return true
  const [origin = ''] = origins
  if (origins.length !== 1) return false
  return allowed.includes(origin) || LOOPBACK.some((name) => origin === `http://${name}:${port}`)
}

function isOwnHost(host: string, port: number): boolean {
  return LOOPBACK.some((name) => host === `${name}:${port}`)
}

function valuesOf(headers: RawHeaders, name: string): readonly string[] {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name)
}
