/** A button for each provider that one can sign in with. */
import * as oidc from '@ashlar/sdk/oidc'
import { Button } from '@mantine/core'
import { IconLogin } from '@tabler/icons-react'
import { call, useRead } from '../../frame/api.ts'
import { fill, useWords } from '../../frame/words.ts'
import { authWords } from './words.ts'

/** The window leaves for the provider, and comes back here: signed in, or with a fragment that says why not. */
async function leaveFor(provider: string): Promise<void> {
  const back = new URL(location.href)
  back.hash = ''
  back.searchParams.delete('again')
  const redirectTo = back.href
  const started = await call(oidc.start, { path: { provider }, body: { redirectTo } })
  location.assign(started.authorizationUrl)
}

export function Providers({
  attempt,
}: {
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>
}) {
  const words = useWords(authWords)
  // Without an answer the other ways are still there.
  const { data: providers = [] } = useRead(oidc.listProviders)
  return providers.map(({ id, name }) => (
    <Button
      key={id}
      variant="default"
      leftSection={<IconLogin size={18} aria-hidden />}
      onClick={() => void attempt(() => leaveFor(id))}
    >
      {fill(words.provider, { name })}
    </Button>
  ))
}
