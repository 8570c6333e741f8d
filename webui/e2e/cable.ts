/**
 * The network between one browser and the box, to be cut: a proxy that the browser's connections run through, the open
 * WebSocket included. Addresses, certificate, Host and Origin stay the box's own. (The browser's emulated "offline"
 * leaves open sockets alone.)
 */
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type State = 'whole' | 'cut' | 'stalled';

export class Cable {
  private readonly server = createServer((_request, response) => response.writeHead(405).end());
  private readonly ends = new Set<Duplex>();
  private state: State = 'whole';
  /** Connections that were made, and those that were refused or left without an answer. */
  made = 0;
  lost = 0;

  async start(): Promise<void> {
    this.server.on('connect', (request: IncomingMessage, client: Duplex) => this.dialled(request, client));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  /** For `newContext({ proxy })`. */
  get proxy(): { server: string } {
    return { server: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  /** Everything open is reset and nothing new is let through: a pulled plug that the computer notices. */
  cut(): void {
    this.state = 'cut';
    for (const end of this.ends) end.destroy();
  }

  /** Nothing is closed and nothing arrives, in neither direction: a radio hole that nobody notices. */
  stall(): void {
    this.state = 'stalled';
    for (const end of this.ends) end.pause();
  }

  /** As before; what was swallowed by a stall arrives late, in order. */
  mend(): void {
    this.state = 'whole';
    for (const end of this.ends) end.resume();
  }

  stop(): void {
    this.cut();
    this.server.close();
    this.server.closeAllConnections();
  }

  private dialled(request: IncomingMessage, client: Duplex): void {
    client.on('error', () => client.destroy());
    if (this.state !== 'whole') {
      this.lost += 1;
      if (this.state === 'cut') client.destroy();
      else this.keep(client);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const box: Socket = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host);
    box.on('error', () => client.destroy());
    box.once('connect', () => {
      this.made += 1;
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      this.join(client, box);
      this.join(box, client);
    });
  }

  private join(from: Duplex, to: Duplex): void {
    this.keep(from);
    from.on('data', (bytes) => to.write(bytes));
    from.on('end', () => to.end());
    from.on('close', () => to.destroy());
    if (this.state === 'stalled') from.pause();
  }

  private keep(end: Duplex): void {
    this.ends.add(end);
    end.on('close', () => this.ends.delete(end));
  }
}
