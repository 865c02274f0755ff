/* A gateway in this process, in front of a registry on the loopback address. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { onTestFinished, TestRunner } from 'vitest';
import { attack } from '../../../support/attacks.ts';
import { tgz } from '../../../support/pkg.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';
import {
  GatewayServer,
  type GatewayOptions,
  type RoutedRegistry,
} from '../../../../packages/server/src/gateway/server.ts';
import type { GateThreads } from '../../../../packages/server/src/gateway/gate-parts.ts';
import type { ArchiveRegistry } from '../../../../packages/server/src/gateway/wanted.ts';

export interface Answered {
  readonly status: number;
  readonly phrase: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Testing {
  readonly url: string;
  readonly gateway: GatewayServer;
  /** What was logged, parsed. */
  readonly log: Record<string, unknown>[];
  /** How often an archive was inspected. */
  readonly inspected: { count: number };
  /** Asks as it is written here, not as a URL is written by others. */
  ask(target: string, options?: AskOptions): Promise<Answered>;
  /** A socket of a client, which sends this first, and is destroyed with the test. */
  open(text: string, localAddress?: string): Socket;
  /** Files that wait for something. */
  held(): string[];
  close(): Promise<void>;
}

/** What the registry of {@link startFronted} has. */
export const clean: Buffer = tgz({ name: 'clean', version: '1.0.0' });
export const hostile: Buffer = attack('symlink').build({ name: 'evil', version: '1.0.0' });

/** The registry of an archive that a test gives to the gate. */
export const ANY_REGISTRY: ArchiveRegistry = {
  address: 'http://localhost',
  isWorthAsking: () => true,
  tooLate: () => undefined,
};

/** A registry that is closed with the test. */
export async function registryForTest(
  ...args: Parameters<typeof startRegistry>
): Promise<Registry> {
  const registry = await startRegistry(...args);
  closeWithTest(() => registry.close());
  return registry;
}

/** A gateway in front of a registry that has both. */
export async function startFronted(
  ...args: Parameters<typeof startRegistry>
): Promise<{ readonly registry: Registry; readonly testing: Testing }> {
  const registry = await registryForTest(...args);
  registry.publish({ name: 'clean', tgz: clean });
  registry.publish({ name: 'evil', tgz: hostile });
  return { registry, testing: await startGateway(registry.url) };
}

/** A gateway with one registry, whose options are beside those of the gateway. `registries`: others instead of it. */
export async function startGateway(
  upstream: string,
  options: Partial<GatewayOptions & RoutedRegistry> = {},
): Promise<Testing> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-gateway-test-'));
  const log: Record<string, unknown>[] = [];
  const inspected = { count: 0 };
  const threads: GateThreads = {
    async inspect(bytes, options) {
      inspected.count += 1;
      return inspect(bytes, options);
    },
    async inspectFile(path, options) {
      inspected.count += 1;
      return inspect(readFileSync(path), options);
    },
  };
  const write = (line: string): void => void log.push(JSON.parse(line) as Record<string, unknown>);
  const gateway = new GatewayServer({
    registries: [{ upstream: new URL(upstream), ...registryOptions(options) }],
    policy: DEFAULT_POLICY,
    env: { XDG_CACHE_HOME: folder, HOME: folder },
    threads,
    log: gatewayLog('debug', { write }),
    spoolParent: folder,
    ...options,
  });
  gateway.server.listen(0, '127.0.0.1');
  await once(gateway.server, 'listening');
  const { port } = gateway.server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closed ??= gateway.close().then(() => rmSync(folder, { recursive: true, force: true }));
    await closed;
  };
  closeWithTest(close);
  return {
    url: `http://127.0.0.1:${port}`,
    gateway,
    log,
    inspected,
    ask: async (target, asking) => ask(port, target, asking),
    open(text, localAddress = '127.0.0.1') {
      const socket = connect({ port, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      closeWithTest(() => socket.destroy());
      socket.write(text);
      return socket;
    },
    held: () =>
      readdirSync(folder)
        .filter((name) => name.startsWith('tarwarden-gateway-'))
        .flatMap((name) => readdirSync(join(folder, name))),
    close,
  };
}

/** The options that belong to the registry. */
const OF_REGISTRY = new Set<string>([
  'name',
  'ecosystem',
  'allowedHosts',
  'hideRefused',
  'scopes',
  'outbound',
  'host',
  'path',
  'publicUrl',
] satisfies (keyof RoutedRegistry)[]);

function registryOptions(options: Partial<RoutedRegistry>): Partial<RoutedRegistry> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => OF_REGISTRY.has(name)));
}

async function ask(
  port: number,
  target: string,
  { method = 'GET', headers = {}, body }: AskOptions = {},
): Promise<Answered> {
  const sent = request({ port, path: target, method, headers, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return {
    status: answer.statusCode!,
    phrase: answer.statusMessage!,
    headers: answer.headers,
    body: Buffer.concat(parts),
  };
}

/** Bytes that a gateway says it keeps for clients and of what they send. */
export async function bytesHeld({ ask: asking }: Pick<Testing, 'ask'>): Promise<number> {
  const metrics = (await asking('/-/tarwarden/metrics')).body.toString();
  return Number(/^tarwarden_bytes_held (\d+)$/m.exec(metrics)?.[1]);
}

export const jsonOf = ({ body }: Answered): Record<string, unknown> =>
  JSON.parse(body.toString('utf8')) as Record<string, unknown>;

/** A server that is closed with the test. */
export async function listening(
  listener: RequestListener,
): Promise<{ server: Server; address: string }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeWithTest(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Closes what a test, or a hook before it, has started. Hooks before all tests have no test, and close it themselves. */
export function closeWithTest(close: () => unknown): void {
  if (TestRunner.getCurrentTest() !== undefined) onTestFinished(async () => void (await close()));
}

/** A header of tar that is printable, as part of a string of JSON. */
export function printableHeader(): string {
  const fields = `${'a'.repeat(100)}0000644 0000000 0000000 00000000010 00000000000 `;
  const rest = `0${'l'.repeat(100)}${'x'.repeat(255)}`;
  const whole = `${fields}        ${rest}`;
  const sum = Buffer.from(whole).reduce((total, one) => total + one, 0);
  return `${fields}${sum.toString(8).padStart(7, '0')} ${rest}`;
}
