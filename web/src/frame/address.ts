/** What the address bar says beside the path: filters, tabs, pages. A link to it shows the same thing. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'

export type Search = Readonly<Record<string, string>>

export function useAddress(): {
  readonly search: Search
  /** Null and '' take a name away. `replace` for what is no step of its own, such as a letter more in a search. */
  readonly change: (values: Readonly<Record<string, string | null>>, replace?: boolean) => void
} {
  const search: Search = useSearch({ strict: false })
  const navigate = useNavigate()
  return {
    search,
    change: (values, replace = false) => {
      const next = Object.entries({ ...search, ...values }).filter(
        (pair): pair is [string, string] => pair[1] !== null && pair[1] !== '',
      )
      // Relative to where one is: only the search changes.
      void navigate({ to: '.', search: Object.fromEntries(next), replace } as never)
    },
  }
}

/** An id of the path (`/admin/users/$id`). */
export function usePathId(name = 'id'): string {
  const params: Readonly<Record<string, string>> = useParams({ strict: false })
  const id = params[name]
  if (id === undefined) throw new Error(`this screen's path has no $${name}`)
  return id
}

/** Plain text both ways: `?search=123` is the text 123 to the screen that reads it, and to whoever types it. */
export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}
