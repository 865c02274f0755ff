/* A module proxy on the loopback address. It is the only proxy that the go of the run has. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { redactUrl } from '@tarwarden/core/text';
import { PackageRefusal, refusalExcerpt } from '@tarwarden/guard/kit';
import { ByteBudget, isSameToken, type ByteShare } from '@tarwarden/guard';
import {
  isDatabasePath,
  matchesPatterns,
  memoryOf,
  parseRequest,
  walk,
  type ModuleProxyAnswer,
  type ModuleRequest,
  type ProxyEntry,
  type ReserveMemory,
  type Upstream,
} from '@tarwarden/guard/go';
import type { DirectModules } from './direct.ts';
import type { ZipGuard } from './zip-guard.ts';

/** The most bytes of zips in memory, from the request until go has them; and the bytes reserved before a length is known. */
const HELD_MAX = 256 * 1024 * 1024;
const HELD_AT_FIRST = HELD_MAX / 16;
/** The most bytes of other files. go accepts a go.mod of up to 16 MiB. */
const MAX_TEXT_BYTES = 32 * 1024 * 1024;
const TOKEN_BYTES = 24;

export interface GatewayParts {
  readonly list: readonly ProxyEntry[];
  /** Modules that are always fetched from their origin. */
  readonly noProxy: string;
  readonly upstream: Upstream;
  readonly direct: DirectModules;
  readonly guard: ZipGuard;
}

export class Gateway {
  readonly #parts: GatewayParts;
  /** A part of the URL, so that no other user of this machine can use our credentials. */
  readonly #token = randomBytes(TOKEN_BYTES).toString('hex');
  readonly #server: Server;
  readonly #budget = new ByteBudget(HELD_MAX);
  /** The number of zips that go has requested. */
  zips = 0;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#server = createServer((request, response) => {
      request.resume();
      void this.#respond(request, response);
    });
  }

  /** Resolves to the address for GOPROXY. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${this.#token}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = '', path = ''] = /^\/([^/]*)\/(.*)$/s.exec(request.url ?? '') ?? [];
    if (request.method !== 'GET' || !isSameToken(token, this.#token))
      return send(response, NOT_FOUND);
    const share = this.#budget.share();
    // This also happens if go closes the connection early.
    response.once('close', () => share.release());
    try {
      send(response, await this.#answer(path, share));
    } catch (error) {
      const text =
        error instanceof PackageRefusal
          ? excerptForGo(error)
          : `tarwarden: ${redactUrl((error as Error).message)}\n`;
      send(response, { status: 403, body: Buffer.from(text), source: '' });
    }
  }

  async #answer(raw: string, share: ByteShare): Promise<ModuleProxyAnswer> {
    const path = decoded(raw);
    // go escapes these characters, because they have another meaning in a URL.
    if (/[\\?#]/.test(raw) || path.split('/').includes('..')) return NOT_FOUND;
    if (isDatabasePath(path)) return this.#walk(raw);
    const request = parseRequest(path);
    if (request === undefined) return NOT_FOUND;
    const { guard } = this.#parts;
    if (request.kind !== 'zip') return this.#walk(raw, request);
    this.zips++;
    await share.take(HELD_AT_FIRST);
    let answer: ModuleProxyAnswer;
    try {
      answer = await this.#walk(raw, request, memoryOf(share, HELD_AT_FIRST));
    } catch (error) {
      throw guard.unread(request, raw, error);
    }
    share.resize(answer.body.length);
    if (answer.status === 200) await guard.inspect(answer.body, request, answer.source);
    return answer;
  }

  #walk(raw: string, request?: ModuleRequest, reserve?: ReserveMemory): Promise<ModuleProxyAnswer> {
    const { list, noProxy, direct, upstream, guard } = this.#parts;
    const bytesMax = request?.kind === 'zip' ? guard.bytesMax(request) : MAX_TEXT_BYTES;
    if (request !== undefined && matchesPatterns(noProxy, request.path))
      return direct.get(request, bytesMax);
    return walk(list, async ({ address }) => {
      if (address === 'off') return request === undefined ? NOT_FOUND : OFF;
      if (address !== 'direct') return upstream.get(address, { path: raw, bytesMax, reserve });
      return request === undefined ? NOT_FOUND : direct.get(request, bytesMax);
    });
  }
}

const NOT_FOUND: ModuleProxyAnswer = { status: 404, body: Buffer.from('not found\n'), source: '' };
/** go's own text. go treats a disabled lookup as a module that does not exist. */
const OFF: ModuleProxyAnswer = {
  status: 404,
  body: Buffer.from('module lookup disabled by GOPROXY=off\n'),
  source: '',
};

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return '';
  }
}

/** The most characters of a line. go shows 648 bytes in 8 lines of an answer (cmd/go/internal/web/api.go). */
const LINE_CHARS = 150;

function excerptForGo({ refused }: PackageRefusal): string {
  const lines = [...refusalExcerpt(refused), 'all of it, and what to do, is at the end'];
  return `${lines.map((line) => (line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS)}…` : line)).join('\n')}\n`;
}

/** Sends a response. A body with an error is text for people, and go shows its beginning. */
function send(response: ServerResponse, { status, body }: ModuleProxyAnswer): void {
  const bytes = status === 200 ? body : Buffer.from(redactUrlLines(body.toString('utf8')));
  response.writeHead(status, {
    'content-length': bytes.length,
    'content-type': status === 200 ? 'application/octet-stream' : 'text/plain; charset=utf-8',
  });
  response.end(bytes);
}

function redactUrlLines(text: string): string {
  return text.split('\n').map(redactUrl).join('\n');
}
