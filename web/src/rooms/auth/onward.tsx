/** Whoever is signed in is sent on: to where they wanted to go, or to their start. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useAddress } from '../../frame/address.ts'
import { Loading } from '../../frame/states.tsx'

export function Onward() {
  const { search } = useAddress()
  const navigate = useNavigate()
  const target = ownPath(search['to'])
  useEffect(() => {
    if (target === null) void navigate({ to: '/', replace: true })
    else if (isOfApplication(target)) void navigate({ href: target, replace: true })
    // A page of the server's own, such as the one where data is fetched.
    else location.replace(target)
  }, [target, navigate])
  return <Loading lines={3} />
}

/** A path on this origin, whatever is tried to make it another; null for everything else, and for the doors themselves. */
function ownPath(given: string | undefined): string | null {
  if (given?.startsWith('/') !== true) return null
  const address = URL.parse(given, location.origin)
  // `/.//elsewhere` becomes `//elsewhere`, which is another host to whoever reads it next.
  if (address?.origin !== location.origin || address.pathname.startsWith('//')) return null
  const { pathname, search, hash } = address
  return /^[/](?:sign-in|register)?$/.test(pathname) ? null : `${pathname}${search}${hash}`
}

const isOfApplication = (path: string) => /^[/](?:account|admin)(?:[/?#]|$)/.test(path)
