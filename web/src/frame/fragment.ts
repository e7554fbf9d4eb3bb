/** What stands behind the `#` of an address, which no server and no log sees. */
import { useEffect, useState } from 'react'

/** Read once; `forget` takes it from the address bar and from the browser's history. */
export function useFragment(): { readonly fragment: URLSearchParams; readonly forget: () => void } {
  const [fragment] = useState(() => new URLSearchParams(location.hash.slice(1)))
  return { fragment, forget: forgetFragment }
}

/** The same, forgotten at once: what it says counts once. */
export function useTakenFragment(): URLSearchParams {
  const { fragment } = useFragment()
  useEffect(forgetFragment, [])
  return fragment
}

function forgetFragment(): void {
  if (location.hash !== '')
    history.replaceState(history.state, '', `${location.pathname}${location.search}`)
}
