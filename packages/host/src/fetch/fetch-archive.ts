/* Downloads archives without npm's credentials. A credential is sent only to its own origin. Long bodies are written to a file. */
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { redactUrl } from '@tarwarden/core/text';
import { dropBody } from './drop-body.ts';
import { tarballOf } from './fetch-encoding.ts';
import { pausesOf, StatusError } from './fetch-retry.ts';
import { fetchOptions, type NetworkSettings } from './fetch-settings.ts';
import { TooLargeError } from './too-large.ts';

export interface ArchiveRequest {
  /** `http:` or `https:`. A user and password in the URL are not sent. */
  readonly url: string;
  /** Returns the `authorization` header for an address: the first one, and each redirect. */
  readonly authorizationFor: (url: URL) => string | undefined;
  readonly accept?: string;
  readonly settings: NetworkSettings;
  /** Milliseconds for each try. */
  readonly timeLimit: number;
  readonly bytesMax: number;
  /** Makes the path of a file for bodies longer than {@link IN_MEMORY_BYTES}. If absent, all bytes stay in memory. */
  readonly fileFor?: () => Promise<string>;
}

export interface FetchedArchive {
  /** Undefined if the bytes were written to the file. */
  readonly bytes: Buffer | undefined;
  /** The address after all redirects. */
  readonly url: URL;
  readonly type: string;
}

/** Bytes of one download that stay in memory; a longer one goes to its file. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

const MAX_HOPS = 10;

/** @throws Error whose cause {@link isNotFound} can check. Its message contains no password. */
export async function fetchArchive(request: ArchiveRequest): Promise<FetchedArchive> {
  const { url, settings } = request;
  try {
    settings.reach?.check(url);
    for (const pause of pausesOf(settings)) {
      try {
        return await tryOnce(request);
      } catch (error) {
        if (isFinal(error)) throw error;
        await wait(pause);
        settings.reach?.check(url);
      }
    }
    return await tryOnce(request).catch((error: unknown) => {
      settings.reach?.note(url, error);
      throw error;
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = redactUrl(`cannot download ${redactUrl(url)}: ${redactUrl(why)}`);
    throw new Error(message, { cause: error });
  }
}

class RedirectError extends Error {}

function isFinal(error: unknown): boolean {
  if (error instanceof TooLargeError || error instanceof RedirectError) return true;
  return error instanceof StatusError && error.isFinal;
}

async function tryOnce(request: ArchiveRequest): Promise<FetchedArchive> {
  const { timeLimit, bytesMax, fileFor } = request;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeLimit);
  try {
    const { url, body, headers } = await follow(request, abort.signal);
    const declared = Number(headers.get('content-length') ?? 0);
    if (declared > bytesMax) {
      dropBody(body);
      throw TooLargeError.announced(declared, bytesMax);
    }
    const { pieces, size } = await read(body, { bytesMax, fileFor });
    // The connection lost bytes, so this is not the archive that was published.
    if (declared > 0 && size !== declared)
      throw new Error(`${size} bytes came, and ${declared} were announced`);
    const type = headers.get('content-type') ?? '';
    if (pieces === undefined) return { bytes: undefined, url, type };
    const encoding = headers.get('content-encoding') ?? undefined;
    return { bytes: tarballOf({ bytes: Buffer.concat(pieces), encoding }, undefined), url, type };
  } catch (error) {
    if (abort.signal.aborted)
      throw new Error(`no answer within ${timeLimit / 1000} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface Answered {
  readonly url: URL;
  readonly body: Readable;
  readonly headers: { get(name: string): string | null };
}

/** Follows redirects itself, so that each address gets its own credentials and no others. */
async function follow(request: ArchiveRequest, signal: AbortSignal): Promise<Answered> {
  const { requestPlainly } = await import('@tarwarden/host/registry-fetch');
  const { settings, authorizationFor, accept = '*/*', timeLimit } = request;
  let url = new URL(request.url);
  for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
    if (!/^https?:$/.test(url.protocol)) throw new RedirectError('not an http or https address');
    const authorization = authorizationFor(url);
    const bare = new URL(url);
    [bare.username, bare.password, bare.hash] = ['', '', ''];
    // oxlint-disable-next-line no-await-in-loop -- the next address is in the answer
    const { status, statusText, headers, body } = await requestPlainly(bare.href, {
      connection: fetchOptions(bare.href, undefined, settings),
      headers: {
        accept,
        'accept-encoding': 'identity',
        'user-agent': settings.userAgent ?? 'tarwarden',
        ...(authorization !== undefined && { authorization }),
      },
      timeout: Math.min(settings.timeout ?? timeLimit, timeLimit),
      signal,
    });
    if (body === null) throw new Error('no body');
    if (status === 200) return { url, body, headers };
    dropBody(body);
    const to = status >= 300 && status < 400 ? headers.get('location') : null;
    if (to === null) throw new StatusError(status, statusText);
    if (!URL.canParse(to, bare.href))
      throw new RedirectError('it redirects to what is not an address');
    const next = new URL(to, bare);
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw new RedirectError('it redirects from https to another protocol');
    url = next;
  }
  throw new RedirectError(`it redirects more than ${MAX_HOPS} times`);
}

interface Read {
  /** Undefined if the bytes are in the file. */
  readonly pieces: readonly Buffer[] | undefined;
  readonly size: number;
}

async function read(
  body: Readable,
  {
    bytesMax,
    fileFor,
  }: Pick<ArchiveRequest, 'bytesMax'> & {
    readonly fileFor: ArchiveRequest['fileFor'] | undefined;
  },
): Promise<Read> {
  const pieces: Buffer[] = [];
  let size = 0;
  let out: Awaited<ReturnType<typeof open>> | undefined;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > bytesMax) throw TooLargeError.read(bytesMax);
      pieces.push(piece);
      if (fileFor === undefined || (out === undefined && size <= IN_MEMORY_BYTES)) continue;
      // A second try starts the file again.
      out ??= await open(await fileFor(), 'w', 0o600);
      await writeAll(out, pieces.splice(0));
    }
  } finally {
    dropBody(body);
    await out?.close();
  }
  return { pieces: out === undefined ? pieces : undefined, size };
}

async function writeAll(
  out: Awaited<ReturnType<typeof open>>,
  pieces: readonly Buffer[],
): Promise<void> {
  const bytes = Buffer.concat(pieces);
  for (let at = 0; at < bytes.length;) at += (await out.write(bytes, at)).bytesWritten;
}
