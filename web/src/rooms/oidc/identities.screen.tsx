/** Accounts elsewhere with which one signs in here: seen, linked, removed. */
import * as oidc from '@ashlar/sdk/oidc'
import { Alert, Group, Text } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { Action } from '../../frame/action.tsx'
import { call, changed, useRead } from '../../frame/api.ts'
import { Items } from '../../frame/items.tsx'
import { codeText } from '../../frame/problem-text.ts'
import { Screen, Section, When } from '../../frame/screen.tsx'
import { Shown } from '../../frame/states.tsx'
import { fill, useLanguage, useWords } from '../../frame/words.ts'
import { identitiesWords } from './identities-words.ts'

export default function IdentitiesScreen() {
  const words = useWords(identitiesWords)
  return (
    <Screen
      title={words.identities}
      lead={words.lead}
      trail={[{ title: words.security, to: '/account/security' }]}
    >
      <WayBack />
      <Section title={words.linked}>
        <Shown of={useRead(oidc.listIdentities)} lines={3}>
          {(identities) => (
            <Items
              of={identities}
              empty={words.none}
              title={({ email, provider, issuer }) => email ?? provider ?? issuer}
              details={({ issuer, createdAt, lastUsedAt }) => [
                issuer,
                <>
                  {words.linkedAt} <When at={createdAt} />, {words.lastUsed}{' '}
                  <When at={lastUsedAt} />
                </>,
              ]}
              actions={({ id }) => <Remove id={id} />}
            />
          )}
        </Shown>
      </Section>
      <Section title={words.addTitle}>
        <Shown of={useRead(oidc.listProviders)} lines={1}>
          {(providers) =>
            providers.length === 0 ? (
              <Text size="sm" c="dimmed">
                {words.noProviders}
              </Text>
            ) : (
              <Group gap="xs">
                {providers.map(({ id, name }) => (
                  <Action key={id} label={fill(words.add, { name })} run={() => leaveFor(id)} />
                ))}
              </Group>
            )
          }
        </Shown>
      </Section>
    </Screen>
  )
}

/** The window leaves for the provider, and comes back to this screen. */
async function leaveFor(provider: string): Promise<void> {
  const redirectTo = `${location.origin}${location.pathname}`
  const { authorizationUrl } = await call(oidc.link, { path: { provider }, body: { redirectTo } })
  location.assign(authorizationUrl)
}

/** What the server's redirect says behind the `#`. */
function WayBack() {
  const words = useWords(identitiesWords)
  const language = useLanguage()
  const said = new URLSearchParams(useLocation().hash)
  const error = said.get('error')
  if (said.has('linked'))
    return (
      <Alert color="teal" role="status">
        {words.nowLinked}
      </Alert>
    )
  if (error === null) return null
  return (
    <Alert color="red" role="alert" title={words.notLinked}>
      {codeText(error, language)}
    </Alert>
  )
}

function Remove({ id }: { readonly id: string }) {
  const words = useWords(identitiesWords)
  return (
    <Action
      label={words.remove}
      size="xs"
      isDangerous
      consequence={words.removeConsequence}
      done={words.removed}
      run={async () => {
        await call(oidc.removeIdentity, { path: { id } })
        await changed('oidc/identities')
      }}
    />
  )
}
