import type { ComponentChildren, JSX } from 'preact'

/** A part of the details, with its title. */
export function Part({
  title,
  count,
  children,
}: {
  title: string
  count?: number
  children: ComponentChildren
}): JSX.Element {
  return (
    <section class="part" aria-label={title}>
      <h3>
        {title}
        {count !== undefined && <b>{count.toLocaleString('en')}</b>}
      </h3>
      {children}
    </section>
  )
}
