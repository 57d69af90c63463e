import { describeSnippets } from './snippets.js'

describeSnippets('docs/adapters.md', 3)
