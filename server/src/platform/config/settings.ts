/** Every setting there is, by group, and the type of the config they make. */
import { camelCase, type CamelCase } from './names.ts'
import type { Setting } from './setting.ts'
import { adminSettings } from './settings/admin.ts'
import { aiSettings } from './settings/ai.ts'
import { auditSettings } from './settings/audit.ts'
import { databaseSettings } from './settings/database.ts'
import { mailSettings } from './settings/mail.ts'
import { monitoringSettings } from './settings/monitoring.ts'
import { oidcSettings } from './settings/oidc.ts'
import { paymentSettings } from './settings/payments.ts'
import { runtimeSettings } from './settings/runtime.ts'
import { securitySettings } from './settings/security.ts'
import { storageSettings } from './settings/storage.ts'
import { telemetrySettings } from './settings/telemetry.ts'

const declared = {
  ...runtimeSettings,
  ...databaseSettings,
  ...securitySettings,
  ...adminSettings,
  ...auditSettings,
  ...oidcSettings,
  ...mailSettings,
  ...storageSettings,
  ...paymentSettings,
  ...aiSettings,
  ...telemetrySettings,
  ...monitoringSettings,
}

export type SettingName = keyof typeof declared

type ValueOf<S> =
  S extends Setting<infer V, infer HasDefault>
    ? HasDefault extends true
      ? V
      : V | undefined
    : never

/** The value of every setting under the camelCase of its name; durations are whole seconds. */
export type Settings = {
  readonly [Name in SettingName as CamelCase<Name>]: ValueOf<(typeof declared)[Name]>
}

export type Config = Settings & {
  readonly isProduction: boolean
  readonly isDevelopment: boolean
}

export type NamedSetting = Setting & { readonly name: SettingName; readonly key: keyof Settings }

export type Group = {
  readonly name: string
  readonly title: string
  readonly settings: readonly NamedSetting[]
}

export const groups: readonly Group[] = [
  group('runtime', 'Runtime', runtimeSettings),
  group('database', 'Database', databaseSettings),
  group('security', 'Security', securitySettings),
  group('admin', 'Admin application', adminSettings),
  group('audit', 'Audit log', auditSettings),
  group('oidc', 'External identities', oidcSettings),
  group('mail', 'Mail', mailSettings),
  group('storage', 'File storage', storageSettings),
  group('payments', 'Payments', paymentSettings),
  group('ai', 'Language models', aiSettings),
  group('telemetry', 'Telemetry', telemetrySettings),
  group('monitoring', 'Monitoring', monitoringSettings),
]

/** In the order in which they are read: a default may look only at settings before its own. */
export const allSettings: readonly NamedSetting[] = groups.flatMap((each) => each.settings)

function group(
  name: string,
  title: string,
  settings: Partial<Readonly<Record<SettingName, Setting>>>,
): Group {
  const named = Object.keys(settings)
    .filter(isSettingName)
    .flatMap((each) => {
      const setting = settings[each]
      return setting ? [{ ...setting, name: each, key: camelCase(each) }] : []
    })
  return { name, title, settings: named }
}

function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(declared, name)
}
