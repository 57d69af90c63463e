/** What a person calls a colour. */
export function hueOf(css: string): string {
  const [r = 0, g = 0, b = 0] = (/rgba?\(([^)]*)/.exec(css)?.[1] ?? '').split(',').map(Number)
  const [most, spread] = [Math.max(r, g, b), Math.max(r, g, b) - Math.min(r, g, b)]
  if (spread < 30) return 'grey'
  const sixth = most === r ? (g - b) / spread : most === g ? 2 + (b - r) / spread : 4 + (r - g) / spread
  const hue = (sixth * 60 + 360) % 360
  const names = [
    [20, 'red'],
    [60, 'amber'],
    [180, 'green'],
    [235, 'blue'],
    [290, 'violet'],
  ] as const
  return names.find(([to]) => hue < to)?.[1] ?? 'red'
}
