/*
 * Bull Board for the queue of a sweep, behind a password. Users see the tasks. If changes are allowed, they can retry or remove
 * tasks, but they cannot accept an archive: the ledger plans removed tasks again.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { printable } from '@tarwarden/core/text';
import { inTime } from '@tarwarden/host';
import { isOwnPage } from '../../browser/own-page.ts';
import { isLoopbackHost } from '../http/own-host.ts';
import type { TaskQueue } from '../queue.ts';
import { isTask, itemsOf } from '../tasks.ts';
import { BoardRoutes, type BoardAnswer } from './adapter.ts';
import { assetsIn, templateIn, type Asset } from './assets.ts';
import { Login } from './login.ts';

export interface BoardOptions {
  readonly queue: Pick<TaskQueue, 'bull'>;
  /** Folder of the page's files. */
  readonly files: string;
  readonly password: string;
  /** Whether users may retry or remove tasks. */
  readonly allowChanges: boolean;
  /** Whether to serve only this machine, and to refuse other host names that lead to it. */
  readonly isLoopback: boolean;
  /** Called when a client has sent too many wrong passwords, with its name: an address, or a network of IPv6. */
  readonly onGuesses: (address: string) => void;
}

/** Milliseconds for the queue to answer. */
const TIME_LIMIT = 5_000;
const CONNECTIONS_MAX = 100;
/** Milliseconds for a request to arrive. */
const REQUEST_LIMIT = 15_000;

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly bytes: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export function makeBoard(options: BoardOptions): Server {
  const { allowChanges, queue, files } = options;
  const routes = new BoardRoutes(templateIn(files), allowChanges);
  const adapter = new BullMQAdapter(queue.bull, {
    readOnlyMode: !allowChanges,
    displayName: queue.bull.name.replace(/^tarwarden-/, ''),
  });
  adapter.setFormatter('data', shown);
  createBullBoard({
    queues: [adapter],
    serverAdapter: routes,
    options: {
      uiBasePath: files,
      uiConfig: { boardTitle: 'tarwarden sweep', locale: { lng: 'en-US' } },
    },
  });
  const board = new Board(options, routes, assetsIn(files));
  const server = createServer(
    { requestTimeout: REQUEST_LIMIT, headersTimeout: REQUEST_LIMIT },
    (request, response) => void board.serve(request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

/** A task for people, without credentials. */
function shown(data: unknown): unknown {
  return isTask(data) ? { kind: data.kind, items: itemsOf(data) } : 'it is not a task';
}

class Board {
  readonly #options: BoardOptions;
  readonly #routes: BoardRoutes;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #login: Login;

  constructor(options: BoardOptions, routes: BoardRoutes, assets: ReadonlyMap<string, Asset>) {
    this.#options = options;
    this.#routes = routes;
    this.#assets = assets;
    this.#login = new Login(options.password, options.onGuesses);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { status, type, bytes, headers } = await this.#reply(request).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      return said(503, printable(why, 300));
    });
    response.writeHead(status, {
      ...HEADERS,
      'cache-control': 'no-store',
      'content-type': type,
      'content-length': Buffer.byteLength(bytes),
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  async #reply({ headers, method = '', url = '', socket }: IncomingMessage): Promise<Reply> {
    if (this.#options.isLoopback && !isLoopbackHost(headers.host))
      return said(421, 'this board is at the loopback address alone');
    switch (this.#login.admit(headers.authorization, socket.remoteAddress ?? '')) {
      case 'out':
        return said(401, 'the password is needed', {
          'www-authenticate': 'Basic realm="tarwarden sweep", charset="UTF-8"',
        });
      case 'wait':
        return said(429, 'too many wrong passwords', { 'retry-after': '60' });
      case 'in':
        break;
    }
    if (!URL.canParse(url, 'http://board')) return said(400, 'it is not an address');
    const { pathname: path, searchParams: query } = new URL(url, 'http://board');
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead && !this.#options.allowChanges)
      return said(403, 'the board changes nothing (--allow-changes)');
    if (!isRead && !isOwnPage(headers)) return said(403, 'another site asks for a change');
    const asset = isRead ? this.#assets.get(path) : undefined;
    if (asset !== undefined) return { status: 200, ...asset };
    const asked = this.#routes.answer({ method, path, query });
    const answer = await inTime(TIME_LIMIT, asked, 'the queue does not answer');
    return answer === undefined ? said(404, 'there is nothing') : replyOf(answer);
  }
}

function said(status: number, text: string, headers?: Readonly<Record<string, string>>): Reply {
  return {
    status,
    type: 'text/plain; charset=utf-8',
    bytes: `${text}\n`,
    ...(headers && { headers }),
  };
}

function replyOf({ status, body }: BoardAnswer): Reply {
  if ('html' in body) return { status, type: 'text/html; charset=utf-8', bytes: body.html };
  const bytes = status === 204 ? '' : JSON.stringify(body.json ?? {});
  return { status, type: 'application/json; charset=utf-8', bytes };
}
