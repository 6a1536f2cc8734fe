// A line to a server that can be cut at will.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** From now on what the server answers gets lost. */
  mute(): void;
  /** Cuts every connection, and refuses new ones. */
  down(): void;
  /** New connections are let through, both ways. */
  up(): Promise<void>;
  close(): void;
}

export async function startProxy(to: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isMute = false;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => void (isMute || near.write(bytes)));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const down = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    mute: () => (isMute = true),
    down,
    up: async () => {
      isMute = false;
      await listen(port);
    },
    close: down,
  };
}
