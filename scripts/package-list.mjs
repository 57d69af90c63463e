// What may be in the published package, and what it may bring along.

/** What may be published: sources, what is built of them, the page, the documents. */
const PUBLISHED = [
  /^(LICENSE|package\.json|(README|ARCHITECTURE|CHANGELOG)\.md)$/,
  /^src\/[\w/-]+\.tsx?$/,
  /^dist\/src\/[\w/-]+\.(js|d\.ts|js\.map|d\.ts\.map)$/,
  /^dist\/visualizer\/[\w./-]+\.(js|css|html|svg|LICENSE\.md)$/,
  /^docs\/[\w/-]+\.(md|png)$/,
]

/** What is installed with the package: ARCHITECTURE.md says of each why. */
const INSTALLED = [
  'cli-progress',
  'cli-table3',
  'commander',
  'crc-32',
  'idb',
  'p-retry',
  'picocolors',
  'valibot',
  'ws',
  'xstate',
]

/** Scripts that npm runs where the package is installed: none may be there. */
const AT_INSTALL = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepare']

/** What npm installs with the package without being asked: peers too, but for those that are optional. */
function installedWith({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta[name]?.optional)
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]
}

/** Files, dependencies and scripts of a package that are not to be there, by their names. */
export function unexpectedIn(files, manifest) {
  return [
    ...files.filter((file) => !PUBLISHED.some((allowed) => allowed.test(file))),
    ...installedWith(manifest).filter((name) => !INSTALLED.includes(name)),
    ...AT_INSTALL.filter((name) => name in (manifest.scripts ?? {})),
  ]
}
