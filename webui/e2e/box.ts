/** The real box under test: started on free ports with its own data folder, ended by its own handle. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BINARY = process.env['MESH_BINARY'] ?? new URL('../../dist/x86_64/mesh-appliance', import.meta.url).pathname;

/** All browsers of a test come from one address. */
const CONFIG = '[limits]\nconnections = 2048\nconnections_per_source = 2048\nunauthenticated_connections = 2048\n';

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

export class Box {
  /** `limits`: further lines for the limits of the configuration. */
  constructor(private readonly limits = '') {}

  readonly folder = mkdtempSync(join(tmpdir(), 'mesh-e2e-'));
  private process: ChildProcess | null = null;
  port = 0;
  private httpPort = 0;

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  get plainUrl(): string {
    return `http://localhost:${this.httpPort}`;
  }

  async start(): Promise<void> {
    if (this.port === 0) {
      this.port = await freePort();
      this.httpPort = await freePort();
      writeFileSync(join(this.folder, 'config.toml'), `${CONFIG}${this.limits}\n`);
    }
    const data = join(this.folder, 'data');
    this.process = spawn(
      BINARY,
      ['serve', '--data-dir', data, '--listen', `127.0.0.1:${this.port}`, '--http-listen', `127.0.0.1:${this.httpPort}`, '--config', join(this.folder, 'config.toml')],
      { stdio: 'ignore' },
    );
    for (let tries = 0; tries < 400; tries += 1) {
      if (existsSync(join(data, 'tls', 'ca.pem')) && (await answers(this.port))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the box does not answer');
  }

  claimCode(): string {
    return readFileSync(join(this.folder, 'data', 'claim-code'), 'utf8').trim();
  }

  /** Where the link of a fresh recovery code leads, as an owner reads it on the box. */
  recoveryPath(): string {
    const said = execFileSync(BINARY, ['recovery-code', '--data-dir', join(this.folder, 'data')], { encoding: 'utf8' });
    const path = /\/recover#[0-9A-Za-z-]+/.exec(said)?.[0];
    if (path === undefined) throw new Error(`no link in: ${said}`);
    return path;
  }

  /** Stops it with a signal and waits for its end. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const process = this.process;
    this.process = null;
    if (!process || process.exitCode !== null) return;
    await new Promise<void>((resolve) => {
      process.once('exit', () => resolve());
      process.kill(signal);
    });
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
