/** A mail as its reader sees it: a page of the API of its own, in which nothing runs and nothing leads out. */
import { Box } from '@mantine/core'

export const Preview = ({ id, title }: { readonly id: string; readonly title: string }) => (
  <Box
    component="iframe"
    title={title}
    sandbox=""
    src={`/api/v1/admin/mails/${encodeURIComponent(id)}/page`}
    w="100%"
    h={560}
    bd="1px solid var(--mantine-color-default-border)"
    style={{ borderRadius: 'var(--mantine-radius-md)' }}
  />
)
