/* Serves a hostile package in verdaccio's place and requests it as clients do: if a request gets it, it went past the guard. */
import { randomUUID } from 'node:crypto';
import {
  request,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { NPM_TRIAL } from '@tarwarden/guarded-run/trial-archives';
import { PrivateServer } from './private-server.ts';
import { messageOf, StartError } from './start-error.ts';

/** Milliseconds for one answer. */
const TIME_LIMIT = 60_000;
/** The most bytes of an answer that are read. */
const ANSWER_MAX = 64 * 1024;
const VERSION = '1.0.0';

const { bytes: hostile } = NPM_TRIAL;

export class HostileProbe {
  /** A random name, which no package has. */
  readonly name: string = `tarwarden-probe-${randomUUID()}`;
  readonly #file: string = `${this.name}-${VERSION}.tgz`;
  #published = false;
  #isAsked = false;

  /** Runs in front of verdaccio, behind the guard. @returns Whether the request was for the probe. */
  answer({ url = '', method }: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#isAsked || !url.toLowerCase().includes(this.name)) return false;
    if (method === 'PUT') this.#published = true;
    response.end(/\.tgz/i.test(url) ? hostile : JSON.stringify(this.#document()));
    return true;
  }

  /**
   * Requests the package in all ways from a server, which need not listen.
   * @throws StartError if it is not refused.
   */
  async run(listener: RequestListener, env: NodeJS.ProcessEnv): Promise<void> {
    const server = new PrivateServer(listener, env);
    this.#isAsked = true;
    try {
      await server.listening;
      await this.#ask(server.path);
    } catch (cause) {
      if (cause instanceof StartError) throw cause;
      throw new StartError(`the plugin does not answer: ${messageOf(cause)}`, { cause });
    } finally {
      this.#isAsked = false;
      server.close();
    }
  }

  async #ask(socketPath: string): Promise<void> {
    const ready = await ask(socketPath, { path: '/-/tarwarden/readyz' });
    if (ready.status !== 200)
      throw new StartError(`the plugin is not in the way: ${withStatus(ready, 'it is not ready')}`);
    const { name } = this;
    const file = this.#file;
    const tarball = await ask(socketPath, { path: `/${name}/-/${file}` });
    if (tarball.status !== 403 || !tarball.text.includes(`${name}@${VERSION}`))
      throw new StartError(
        `the plugin is not in the way: ${withStatus(tarball, 'a hostile archive is not refused')}`,
      );
    const others = [
      `//${name}/-/${file}`,
      `/${name}/%2d/${file}`,
      `/${name}/-/x/../${file}`,
      `/-/static/../../${name}/-/${file}`,
      `/-/static/..%2f..%2f${name}/-/${file}`,
      `/-/web/%2e%2e/%2e%2e/${name}/-/${file}`,
      `/${name.toUpperCase()}/-/${file}`,
    ];
    for (const path of others) {
      const answer = await ask(socketPath, { path });
      if (answer.status < 400)
        throw new StartError(`the plugin is not in the way: ${path} is answered without it`);
    }
    const published = await ask(socketPath, {
      path: `/${name}`,
      method: 'PUT',
      body: JSON.stringify(this.#publication()),
    });
    if (published.status !== 403 || this.#published)
      throw new StartError(
        `the plugin is not in the way: ${withStatus(published, 'a hostile publication is not refused')}`,
      );
  }

  #document(): object {
    const { name } = this;
    const dist = { tarball: `http://localhost/${name}/-/${this.#file}` };
    const versions = { [VERSION]: { name, version: VERSION, dist } };
    return { name, 'dist-tags': { latest: VERSION }, versions };
  }

  #publication(): object {
    const attachment = { data: hostile.toString('base64'), length: hostile.length };
    return { ...this.#document(), _attachments: { [this.#file]: attachment } };
  }
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

function withStatus({ status }: Answered, what: string): string {
  return `${what} (${status})`;
}

async function ask(
  socketPath: string,
  { path, method = 'GET', body }: { path: string; method?: string; body?: string },
): Promise<Answered> {
  const headers = {
    host: 'localhost',
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }),
  };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIME_LIMIT);
    const sent = request({ socketPath, path, method, headers, signal, agent: false });
    sent.once('error', reject);
    sent.once('response', (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > ANSWER_MAX) response.destroy(new Error('an answer that does not end'));
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body);
  });
}
