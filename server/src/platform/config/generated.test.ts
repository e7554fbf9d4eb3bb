import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { renderEnvExample } from './example.ts'
import { renderConfigurationDoc } from './reference.ts'
import { defaultForm } from './setting.ts'
import { allSettings } from './settings.ts'
import { configOf, problemsOf } from './testing.ts'

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))

describe('generated files', () => {
  test('.env.example is what the settings make it', async () => {
    await expect(renderEnvExample()).toMatchFileSnapshot(root('.env.example'))
  })

  test('docs/configuration.md is what the settings make it', async () => {
    await expect(renderConfigurationDoc()).toMatchFileSnapshot(root('docs/configuration.md'))
  })

  test('a copy of .env.example as it stands changes nothing', () => {
    expect(parseEnv(renderEnvExample())).toEqual({})
  })

  test('every line of .env.example can be switched on, and gives the default where it shows one', () => {
    const lines = renderEnvExample().match(/^#[A-Z0-9_]+=.*$/gm) ?? []
    expect(lines).toHaveLength(allSettings.length)
    for (const line of lines) {
      const env = parseEnv(line.slice(1))
      const own = problemsOf(env).filter(({ name }) => name in env)
      expect(own).toEqual([])
    }
    const plain = allSettings.filter((setting) => defaultForm(setting).form === 'value')
    const shown = parseEnv(lines.map((line) => line.slice(1)).join('\n'))
    const defaults = configOf({})
    for (const { name, key } of plain) {
      expect(configOf({ [name]: shown[name] })[key]).toEqual(defaults[key])
    }
  })

  test('every setting says in one sentence what it does', () => {
    for (const { doc } of allSettings) expect(doc).toMatch(/^[A-Z].*\.$/)
  })
})
