/** The text of docs/configuration.md: one table of settings per group. */
import { describeDefault } from './describe.ts'
import { groups, type NamedSetting } from './settings.ts'

const INTRODUCTION = `# Configuration

Ashlar is configured by environment variables, and this page lists all of them. It is generated from
\`server/src/platform/config\` (by \`npx vitest run server/src/platform/config -u\`), as is \`.env.example\`.

- **Files.** \`NAME_FILE\` reads the value of \`NAME\` from a file, for secrets that an orchestrator mounts; line breaks at
  its end are dropped. Setting both is refused.
- **Empty is unset.** \`NAME=\` is the same as no line at all.
- **Durations** are whole seconds, written \`30s\`, \`15m\`, \`2h\`, \`7d\` or \`3000ms\`; a bare number is seconds.
- **Booleans** are \`true\`/\`false\`, \`1\`/\`0\`, \`yes\`/\`no\` or \`on\`/\`off\`. **Lists** are separated by commas.
- **Aliases** are accepted; two spellings of one setting with different values are refused.
- **Misspelt names** are refused: a variable that nearly matches a setting, an unknown one that begins with
  \`ASHLAR_\`, and any unknown line of \`.env\`.
- **Production** (\`NODE_ENV=production\`) refuses to start on missing, weak, well-known, identical or unsafe values, and lists
  all of them at once without printing a secret. \`ashlar env check\` gives the same list; \`ashlar env print\` shows what
  holds, with secrets masked.

`

export function renderConfigurationDoc(): string {
  const sections = groups.map(({ title, settings }) =>
    [
      `## ${title}`,
      '',
      '| Name | Kind | Default | In production | What it does |',
      '|---|---|---|---|---|',
      ...settings.map(renderRow),
    ].join('\n'),
  )
  return `${INTRODUCTION}${sections.join('\n\n')}\n`
}

function renderRow(setting: NamedSetting): string {
  const aliases = setting.aliases.map((alias) => `\`${alias}\``).join(', ')
  const kind = setting.allowed === undefined ? setting.kind : `${setting.kind}: ${setting.allowed}`
  const doc = aliases === '' ? setting.doc : `${setting.doc} Aliases: ${aliases}.`
  const cells = [
    `\`${setting.name}\``,
    kind,
    describeDefault(setting) || '–',
    setting.production?.note ?? '',
    doc,
  ]
  return `| ${cells.map(escapeCell).join(' | ')} |`
}

function escapeCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;')
}
