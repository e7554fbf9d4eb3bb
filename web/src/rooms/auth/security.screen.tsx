/** The ways into one's own account. */
import * as oidc from '@ashlar/sdk/oidc'
import * as twofa from '@ashlar/sdk/twofa'
import { Group, Text } from '@mantine/core'
import { useRead } from '../../frame/api.ts'
import { enrolmentPath } from '../../frame/enrolment.ts'
import { GoButton } from '../../frame/go.tsx'
import { Screen, Section, State } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useWords } from '../../frame/words.ts'
import { Passkeys } from './security-passkeys.tsx'
import { Password } from './security-password.tsx'
import { securityWords } from './security-words.ts'

export default function SecurityScreen() {
  const words = useWords(securityWords)
  return (
    <Screen title={words.security} lead={words.lead}>
      <Password />
      <SecondFactor />
      <Passkeys />
      <Identities />
    </Screen>
  )
}

function SecondFactor() {
  const words = useWords(securityWords)
  return (
    <Section title={words.secondFactor}>
      <Text size="sm" c="dimmed">
        {words.secondFactorHint}
      </Text>
      <Shown of={useRead(twofa.status)} lines={1}>
        {({ enabled, backupCodesLeft }) => (
          <Group justify="space-between">
            <Group gap="xs">
              <State tone={enabled ? 'good' : 'warn'}>{enabled ? words.on : words.off}</State>
              {enabled && (
                <Text size="sm">{fill(words.codesLeft, { count: backupCodesLeft })}</Text>
              )}
            </Group>
            <GoButton to={enrolmentPath} variant={enabled ? 'default' : 'filled'}>
              {enabled ? words.manage : words.setUp}
            </GoButton>
          </Group>
        )}
      </Shown>
    </Section>
  )
}

/** Only where there is a provider, or was one. */
function Identities() {
  const words = useWords(securityWords)
  const { data: providers = [] } = useRead(oidc.listProviders)
  const { data: identities = [] } = useRead(oidc.listIdentities)
  if (providers.length + identities.length === 0) return null
  return (
    <Section title={words.identities}>
      <Text size="sm" c="dimmed">
        {words.identitiesHint}
      </Text>
      <Group justify="space-between">
        <Text size="sm">
          {identities.length === 0
            ? words.noneLinked
            : fill(words.linked, { count: identities.length })}
        </Text>
        <GoButton to="/account/security/identities" variant="default">
          {words.manage}
        </GoButton>
      </Group>
    </Section>
  )
}
