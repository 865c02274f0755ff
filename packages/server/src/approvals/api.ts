/* The HTTP API of approvals. It takes and gives JSON alone, so that no form of another site can send a request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inTime, readAtMost, Turns } from '@tarwarden/host';
import { tooMany } from '../gateway/answers.ts';
import { showsDocument } from '../gateway/shows-document.ts';
import { Users } from '../gateway/users.ts';
import type { UpstreamAt } from '../gateway/used-approvals.ts';
import { OF_REGISTRY, refusedPackage, type Approvals } from './approvals.ts';
import { LedgerError } from './ledger.ts';
import openapi from './openapi.json' with { type: 'json' };
import {
  ApprovalError,
  asState,
  REQUEST_STATES,
  type ApprovalRequest,
  type Person,
  type Refusal,
} from './service.ts';

/** The path of the API, below a gateway's address. */
const BASE = '/-/tarwarden/api/v1/';
/** The most bytes of a request, and milliseconds for it. */
const BODY_BYTES_MAX = 64 * 1024;
const BODY_LIMIT = 30_000;

/** Tells who sends a request. */
export interface Identifies {
  identify(request: IncomingMessage): Promise<Person | undefined>;
}

interface Asked {
  readonly upstreamAt: UpstreamAt;
  readonly request: IncomingMessage;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** An answer: a value that is sent as JSON, or the parts of a long text, which is never whole in memory. */
type Answer =
  | { readonly status: number; readonly value: unknown }
  | { readonly type: string; readonly parts: AsyncIterable<string> | Iterable<string> };

const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } as const;

class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class ApprovalsApi {
  readonly #approvals: Approvals;
  readonly #people: Identifies | undefined;
  /** Questions to the registry about credentials: anybody can make the server ask. */
  readonly #turns = new Turns({ places: 8, waitingMax: 100, tooMany });

  constructor(approvals: Approvals, people: Identifies | undefined) {
    this.#approvals = approvals;
    this.#people = people;
  }

  /** Whether a target is one of the API. */
  static has(target: string): boolean {
    return target.startsWith(BASE);
  }

  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    upstreamAt: UpstreamAt,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://gateway');
    const path = url.pathname.slice(BASE.length).split('/');
    try {
      const answer = await this.#route({ request, path, query: url.searchParams, upstreamAt });
      if ('parts' in answer) await sendParts(response, answer);
      else send(response, answer.status, answer.value);
    } catch (error) {
      const { status, message } = failure(error);
      if (response.headersSent) response.destroy();
      else send(response, status, { error: message });
    }
  }

  async #route(asked: Asked): Promise<Answer> {
    const { request, path } = asked;
    const { method = 'GET' } = request;
    const [first, id = '', action, ...rest] = path;
    const count = path.length;
    if (rest.length > 0) throw new ApiError(404, 'there is no such address');
    const route = `${method === 'HEAD' ? 'GET' : method} ${first}/${count}${count === 3 ? `/${action}` : ''}`;
    switch (route) {
      case 'GET openapi.json/1':
        return { status: 200, value: openapi };
      case 'GET history/1':
        return this.#history(asked);
      case 'GET requests/1':
        return this.#list(asked);
      case 'GET refusals/2':
        return { status: 200, value: await this.#refusal(id, await this.#person(request)) };
      case 'GET requests/2':
        return { status: 200, value: await this.#request(id, await this.#person(request)) };
      case 'POST refusals/3/requests':
        return { status: 201, value: await this.#ask(id, asked) };
      case 'POST requests/3/approve':
      case 'POST requests/3/decline':
      case 'POST requests/3/revoke':
        return { status: 200, value: await this.#decide(id, action!, request) };
      default:
        throw new ApiError(404, 'there is no such address, or not with this method');
    }
  }

  async #person(request: IncomingMessage): Promise<Person> {
    const person = await this.#people?.identify(request);
    if (person === undefined)
      throw new ApiError(401, 'sign in: this server does not know you, or your token has ended');
    return person;
  }

  async #refusal(id: string, person: Person): Promise<Refusal> {
    const refusal = await this.#approvals.refusal(id);
    if (refusal === undefined || !this.#approvals.maySee(person, refusal))
      throw new ApiError(404, 'there is no such refusal');
    return refusal;
  }

  async #request(id: string, person: Person): Promise<ApprovalRequest> {
    const request = await this.#approvals.request(id);
    if (request === undefined || !this.#approvals.maySee(person, request.refusal))
      throw new ApiError(404, 'there is no such request');
    return request;
  }

  async #list({ request, query }: Asked): Promise<Answer> {
    const person = await this.#person(request);
    const wanted = query.get('state');
    const state = asState(wanted ?? '');
    if (wanted !== null && state === undefined)
      throw new ApiError(400, `state must be one of ${REQUEST_STATES.join(', ')}`);
    const filter = state === undefined ? {} : { state };
    const all = await this.#approvals.requests(filter);
    const seen = all.filter(({ refusal }) => this.#approvals.maySee(person, refusal));
    return { type: 'application/json', parts: listOf(seen) };
  }

  async #history({ request }: Asked): Promise<Answer> {
    const person = await this.#person(request);
    if (person.role !== 'approver')
      throw new ApiError(403, 'only an approver may read the history');
    if (!(await this.#approvals.maySeeHistory(person)))
      throw new ApiError(403, 'the history names private packages that you may not see');
    return { type: 'application/x-ndjson', parts: withFeeds(this.#approvals.history()) };
  }

  async #ask(id: string, asked: Asked): Promise<ApprovalRequest> {
    const { request } = asked;
    const { reason } = await bodyOf(request, ['reason']);
    const { 'registry-authorization': credentials } = request.headers;
    const by =
      typeof credentials === 'string'
        ? await this.#turns.run(async () => this.#registryPerson(id, credentials, asked))
        : await this.#person(request);
    return this.#approvals.ask(id, { by, reason });
  }

  /** A developer without a role here, whom the registry knows and lets read the package. */
  async #registryPerson(id: string, authorization: string, { upstreamAt }: Asked): Promise<Person> {
    const refusal = await this.#approvals.refusal(id);
    const upstream = refusal && upstreamAt(refusal.registry);
    if (refusal === undefined || upstream === undefined)
      throw new ApiError(404, 'there is no such refusal');
    // The registry would answer about the gateway, and everybody would be that user.
    if (!upstream.passesCredentials)
      throw new ApiError(
        401,
        'the registry does not get your credentials: use a token of the gateway',
      );
    const name = await new Users(upstream).ask({ authorization }, '');
    if (name === undefined) throw new ApiError(401, 'the registry does not know these credentials');
    if (!(await showsDocument(upstream, refusal, authorization)))
      throw new ApiError(404, 'there is no such refusal');
    return { name: OF_REGISTRY + name, role: 'requester', private: [refusedPackage(refusal)] };
  }

  async #decide(id: string, action: string, request: IncomingMessage): Promise<ApprovalRequest> {
    const by = await this.#person(request);
    if (action === 'approve') {
      const { reason, until } = await bodyOf(request, ['reason', 'until']);
      return this.#approvals.approve(id, { by, reason, until });
    }
    const { reason } = await bodyOf(request, ['reason']);
    return action === 'decline'
      ? this.#approvals.decline(id, { by, reason })
      : this.#approvals.revoke(id, { by, reason });
  }
}

/** The texts in the body of a request, which has exactly these keys. */
async function bodyOf<Key extends string>(
  request: IncomingMessage,
  keys: readonly Key[],
): Promise<Readonly<Record<Key, string>>> {
  const { 'content-type': type = '' } = request.headers;
  if (!/^application\/json(?:;\s*charset=utf-8)?$/i.test(type))
    throw new ApiError(415, 'the body must be JSON: content-type: application/json');
  const tooLong = (): ApiError =>
    new ApiError(413, `the body has more than ${BODY_BYTES_MAX} bytes`);
  const reading = readAtMost(request, { bytesMax: BODY_BYTES_MAX, tooLong });
  const bytes = await inTime(BODY_LIMIT, reading, 'late').catch((error: unknown) => {
    throw error instanceof ApiError ? error : new ApiError(408, 'the body did not arrive in time');
  });
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ApiError(400, 'the body is not JSON');
  }
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  for (const key of keys)
    if (typeof (fields as Record<string, unknown>)[key] !== 'string')
      throw new ApiError(400, `the body must be an object with the text "${key}"`);
  const unknown = Object.keys(fields).find((key) => !keys.includes(key as Key));
  if (unknown !== undefined) throw new ApiError(400, 'the body has an unknown key');
  return fields as Record<Key, string>;
}

/** Errors for the client. Of others, it learns only that they happened. */
function failure(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof ApiError || error instanceof ApprovalError) return error;
  if (error instanceof LedgerError)
    return { status: 503, message: `nothing can be decided now: ${error.message}` };
  throw error;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  // The client would send the rest of an unread request as the next one, so close the connection.
  if (!response.req.complete) response.setHeader('connection', 'close');
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...HEADERS,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

async function sendParts(
  response: ServerResponse,
  { type, parts }: Extract<Answer, { readonly type: string }>,
): Promise<void> {
  response.writeHead(200, { 'content-type': type, ...HEADERS });
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(Readable.from(parts), response);
}

/** Each request has all findings of its archive, so that the list of all can be long. */
function* listOf(requests: readonly ApprovalRequest[]): Generator<string> {
  yield '{"requests":[';
  for (const [at, request] of requests.entries())
    yield `${at === 0 ? '' : ','}${JSON.stringify(request)}`;
  yield ']}';
}

async function* withFeeds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
