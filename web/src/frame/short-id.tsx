/** An id where there is no room for it, or no name to be had. */
import { Code } from '@mantine/core'

/** The end of an id: its beginning is the time, and the same for all of one minute. */
export const ShortId = ({ id }: { readonly id: string }) => <Code title={id}>…{id.slice(-8)}</Code>
