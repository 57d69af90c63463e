import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const KEY = 'tardigrade.theme'

export const theme = signal<Theme>(read())

/** The page looks as the system does, or as somebody has chosen. */
export function startTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme.value
    try {
      localStorage.setItem(KEY, theme.value)
    } catch {
      // A browser that keeps nothing asks anew.
    }
  })
}

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system'
}

function read(): Theme {
  try {
    return THEMES.find((known) => known === localStorage.getItem(KEY)) ?? 'system'
  } catch {
    return 'system'
  }
}
