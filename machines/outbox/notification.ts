/** What is to be delivered: a POST to a URL. */
export interface Notification {
  /** Unique, of 1 to 200 printable ASCII characters; it is the `Idempotency-Key` of every try. */
  readonly id: string
  /** Where to: http or https. Notifications to the same origin and path are delivered in order. */
  readonly url: string
  /** A text is sent as it is, anything else as JSON. */
  readonly body: string | readonly unknown[] | { readonly [name: string]: unknown }
  readonly headers?: Readonly<Record<string, string>>
  /** Goes out in quiet hours too. Default false. */
  readonly urgent?: boolean
}

/** A notification that could not be delivered. */
export interface DeadLetter {
  readonly notification: Notification
  readonly reason: string
  readonly tries: number
}

/** The name of an endpoint: the URL without query and fragment. Order is kept within one endpoint. */
export function endpointOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** Whether it can be sent at all; anything else would only be found out at the first try. */
export function isNotification(value: Notification): boolean {
  return (
    typeof value.id === 'string' &&
    /^[\x21-\x7e]{1,200}$/.test(value.id) &&
    URL.canParse(value.url) &&
    /^https?:$/.test(new URL(value.url).protocol)
  )
}
