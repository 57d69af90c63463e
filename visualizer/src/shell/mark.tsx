import type { JSX } from 'preact'

export function Mark(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 20" aria-hidden="true">
      <path d="M5 9c0-4 5-7 11-7s12 3 12 7.5S23 16 16 16 5 14 5 9z" />
      <path class="legs" d="M9 14.5 8 18M14 16l-.4 3M19 16l.4 3M24 14l1.4 3.4" />
      <path
        class="rings"
        d="M12 2.8c-1.4 3.8-1.4 8.6 0 12.6M18 2.2c-1.2 4-1.2 9 0 13.6M23.6 4c-.8 3-.8 7 0 10"
      />
      <circle cx="7.6" cy="8" r="1" />
    </svg>
  )
}
