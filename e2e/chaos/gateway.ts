/** One address for several servers, as a balancer gives it: each connection goes to the next one that takes it. */
import { once } from 'node:events'
import { type Socket, type AddressInfo, connect, createServer } from 'node:net'

export type Gateway = {
  readonly url: string
  /** Where connections go from now on; those that are open end. */
  lead(urls: readonly string[]): void
  close(): Promise<void>
}

export async function openGateway(): Promise<Gateway> {
  let ports: readonly number[] = []
  let turn = 0
  const open = new Set<Socket>()
  const watch = (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((client) => {
    watch(client)
    const tryNext = (left: readonly number[]) => {
      const [port, ...others] = left
      if (port === undefined) return void client.destroy()
      const upstream = watch(connect(port, '127.0.0.1'))
      const giveWay = () => tryNext(others)
      upstream.once('error', giveWay)
      upstream.once('connect', () => {
        upstream.off('error', giveWay)
        client.pipe(upstream).pipe(client)
        // Who dies takes the connection along, in both directions.
        upstream.on('close', () => client.destroy())
        client.on('close', () => upstream.destroy())
      })
    }
    turn += 1
    const start = ports.length === 0 ? 0 : turn % ports.length
    tryNext([...ports.slice(start), ...ports.slice(0, start)])
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead: (urls) => {
      ports = urls.map((url) => Number(new URL(url).port))
      for (const socket of open) socket.destroy()
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
