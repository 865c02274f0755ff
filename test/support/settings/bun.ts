/*
 * What bun's settings say, by its behaviour: it cannot print them. Every registry is a name that does not exist, and bun asks for it by
 * a proxy that records: so a request shows the registry and the credentials.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execute, type Result } from '../execute.ts';
import { runtimeFolder } from '../managers.ts';

const BUN = join(runtimeFolder('bun'), 'bin/bun.exe');

export interface BunCase {
  /** Its folders `home` and `project` exist. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that bun is started in, below `folder`. */
  readonly cwd?: string;
}

/** Texts by name: the registry of each package in {@link PACKAGES}, and the credentials of the first. */
export type BunAnswer = Readonly<Record<string, string>> | 'refused';

/** Packages that every project asks for, by the name of their answer. */
export const PACKAGES = { registry: 'plain', '@s': '@s/x', '@t': '@t/x' } as const;

export const MANIFEST: string = JSON.stringify({
  name: 'project',
  dependencies: Object.fromEntries(Object.values(PACKAGES).map((name) => [name, '1.0.0'])),
});

/** The answer if bun asks for no package over plain HTTP. */
export const ELSEWHERE = 'elsewhere';

export class BunAsker implements AsyncDisposable {
  readonly #server = createServer((request, response) => this.#answer(request, response));
  /** Requests by the value of {@link CASE}. */
  readonly #requests = new Map<string, Map<string, { url: string; authorization: string }>>();
  #asked = 0;

  async ask({ folder, env, cwd = 'project' }: BunCase): Promise<BunAnswer> {
    if (!this.#server.listening)
      await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    const id = `case-${this.#asked++}`;
    const seen = new Map<string, { url: string; authorization: string }>();
    this.#requests.set(id, seen);
    const proxy = `http://${id}:x@127.0.0.1:${port}`;
    const variables = {
      PATH: process.env['PATH'],
      HOME: join(folder, 'home'),
      TMPDIR: folder,
      BUN_CONFIG_HTTP_RETRY_COUNT: '0',
      http_proxy: proxy,
      https_proxy: proxy,
      ...env,
    };
    const run = (...args: string[]): Promise<Result> =>
      execute(BUN, args, { cwd: join(folder, cwd), env: variables });
    const checked = await run('pm', 'cache');
    if (checked.code !== 0 || checked.stderr.includes('failed to load bunfig')) return 'refused';
    await run('install', '--lockfile-only', '--ignore-scripts');
    this.#requests.delete(id);
    const answers = Object.entries(PACKAGES).map(([name, wanted]): [string, string] => [
      name,
      seen.get(wanted)?.url ?? ELSEWHERE,
    ]);
    return {
      ...Object.fromEntries(answers),
      authorization: seen.get(PACKAGES.registry)?.authorization ?? '',
    };
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [, credentials = ''] = (headers['proxy-authorization'] ?? '').split(' ');
    const [id = ''] = Buffer.from(credentials, 'base64').toString().split(':');
    const wanted = Object.values(PACKAGES).find((name) =>
      decodeURIComponent(url).endsWith(`/${name}`),
    );
    if (wanted !== undefined) {
      const registry = decodeURIComponent(url).slice(0, -wanted.length);
      const { authorization = '' } = headers;
      this.#requests.get(id)?.set(wanted, { url: registry, authorization });
    }
    response.writeHead(404).end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<unknown>((resolve) => this.#server.close(resolve));
  }
}
