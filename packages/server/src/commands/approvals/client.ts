/* Asks a gateway's API of approvals, with the token of a person. */
import { readFileSync } from 'node:fs';
import { isDocumentUrl, readAtMost, readPrivate } from '@tarwarden/host';
import { UsageError } from '@tarwarden/host/command-line';
import { printable, redactUrl } from '@tarwarden/core/text';
import { request as send } from 'undici';

/** The most bytes of an answer that is read whole. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Milliseconds until an answer begins, and between two parts of it. */
const TIME_LIMIT = 60_000;

/** The gateway does not do what was asked. */
export class RefusedByServer extends Error {}

export interface AskOptions {
  readonly server: string | undefined;
  readonly tokenFile: string | undefined;
}

export class ApprovalsClient {
  readonly #base: string;
  readonly #token: string;

  /** @throws UsageError for a missing address or token. */
  constructor({ server = process.env['TARWARDEN_SERVER'], tokenFile }: AskOptions) {
    if (server === undefined || server === '')
      throw new UsageError('--server is missing, and TARWARDEN_SERVER is not set', 'approvals');
    if (!isDocumentUrl(server))
      throw new UsageError(
        '--server must be an https address without a user name, or http of this machine: it gets your token',
        'approvals',
      );
    const url = new URL(server);
    this.#base = `${url.origin}${url.pathname.replace(/\/$/, '')}/-/tarwarden/api/v1/`;
    this.#token = tokenIn(tokenFile);
  }

  /** @throws RefusedByServer if the gateway answers with another status than 2xx. */
  async ask(path: string, body?: object): Promise<unknown> {
    const answer = await this.#send(path, body);
    const tooLong = (): Error => new Error('the answer is too long');
    const bytes = await readAtMost(answer, { bytesMax: ANSWER_BYTES_MAX, tooLong });
    return JSON.parse(bytes.toString('utf8')) as unknown;
  }

  /** The bytes of an answer. */
  async stream(path: string): Promise<AsyncIterable<Buffer>> {
    return this.#send(path);
  }

  async #send(path: string, body?: object): Promise<AsyncIterable<Buffer>> {
    const { statusCode, body: answer } = await send(this.#base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: 'application/json',
        'user-agent': 'tarwarden-server',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      headersTimeout: TIME_LIMIT,
      bodyTimeout: TIME_LIMIT,
    }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`cannot ask ${redactUrl(this.#base)}: ${printable(why)}`, 'approvals');
    });
    if (statusCode >= 200 && statusCode < 300) return answer as AsyncIterable<Buffer>;
    const tooLong = (): Error => new Error('too long');
    const bytes = await readAtMost(answer, { bytesMax: 64 * 1024, tooLong }).catch(() => undefined);
    throw new RefusedByServer(`the gateway answers ${statusCode}: ${reasonIn(bytes)}`);
  }
}

function reasonIn(bytes: Buffer | undefined): string {
  try {
    const { error } = JSON.parse(bytes?.toString('utf8') ?? '') as { readonly error?: unknown };
    if (typeof error === 'string') return printable(error);
  } catch {
    // It is no JSON of this API.
  }
  return 'is this a gateway with --approvals?';
}

function tokenIn(path: string | undefined): string {
  const refuse = (why: string): UsageError =>
    new UsageError(`the file of --token-file cannot be used: ${why}`, 'approvals');
  const text =
    path === undefined
      ? process.env['TARWARDEN_TOKEN']
      : readPrivate(path, refuse, (fd) => readFileSync(fd, 'utf8'));
  const token = text?.trim() ?? '';
  if (token === '') throw new UsageError('set TARWARDEN_TOKEN, or give --token-file', 'approvals');
  if (!/^[\u0021-\u007E]+$/.test(token))
    throw new UsageError('the token must be one word of printable ASCII', 'approvals');
  return token;
}
