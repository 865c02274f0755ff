/* Downloads tarballs and other archives. A credential is sent only to the origin to which it belongs. */
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { FileHandle } from 'node:fs/promises';
import { TarwardenError } from '@tarwarden/core';
import { redactUrl } from '@tarwarden/core/text';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import type { RequestCredentials } from './registry-fetch.ts';
import { fetchDirectly } from './direct-fetch.ts';
import { dropBody, readBody } from './fetch-body.ts';
import { tarballOf, type Encoded } from './fetch-encoding.ts';
import { isUntrusted, pausesOf, StatusError } from './fetch-retry.ts';
import { fetchOptions, type NetworkSettings } from './fetch-settings.ts';
import { hasIntegrity } from './integrity.ts';
import { follow, RedirectError } from './redirects.ts';
import { TooLargeError } from './too-large.ts';
import { userOf } from './url-user.ts';

interface AnyRequest {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly settings: NetworkSettings;
  /** Milliseconds for each try. */
  readonly timeLimit: number;
  /** The most bytes. As many as an archive may have if it is absent. */
  readonly bytesMax?: number;
}

export interface FetchRequest extends AnyRequest {
  /** The package of the URL. Its registry's credentials are used for every URL on the registry's host, as npm and bun do. */
  readonly name?: string;
  /** Subresource Integrity that the bytes must have. */
  readonly integrity?: string;
  /** Used if no integrity is known. Returns whether the bytes are undamaged. */
  readonly isWhole?: (bytes: Buffer) => boolean;
}

export interface ArchiveRequest extends AnyRequest {
  /** Returns the `authorization` header for an address: the first one, and each redirect. */
  readonly authorizationFor: (url: URL) => string | undefined;
  readonly accept?: string;
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

/**
 * Downloads one tarball as the user's package manager would: registry by scope, credentials, proxy, authorities, client certificate,
 * retries. If an address is enough, it makes one plain request; otherwise it loads the network layer of npm and pacote. pacote itself
 * would write every tarball to an npm cache.
 *
 * Failures are retried, and so are bytes without the integrity, such as a proxy's error page or a body that was cut off. If no integrity
 * is known, bytes that stay damaged are returned, and the verdict reports the damage.
 *
 * @throws TarwardenError FETCH_FAILED, never with credentials in its message.
 */
export async function fetchTarball(request: FetchRequest): Promise<Buffer> {
  const { url, integrity, settings, bytesMax = MAX_ARCHIVE_FILE_BYTES } = request;
  const idle = idleTime(request);
  const fetchOnce = async (signal: AbortSignal): Promise<Buffer> => {
    const direct = { url: new URL(url), settings, signal, idle, bytesMax };
    const encoded = (await fetchDirectly(direct)) ?? (await fetchByNpm(request, signal));
    const bytes = tarballOf(encoded, integrity);
    if (integrity !== undefined && !hasIntegrity(bytes, integrity))
      throw new Error(`its bytes do not have the integrity ${integrity}`);
    return bytes;
  };
  return persist(request, fetchOnce, request.isWhole);
}

/**
 * Downloads an archive or a page with the given credentials. Long bodies are written to a file.
 *
 * @throws TarwardenError FETCH_FAILED, whose cause {@link isNotFound} can check.
 */
export async function fetchArchive(request: ArchiveRequest): Promise<FetchedArchive> {
  const { authorizationFor, accept, bytesMax = MAX_ARCHIVE_FILE_BYTES, fileFor } = request;
  const credentialsFor = (url: URL): RequestCredentials => ({
    authorization: authorizationFor(url),
  });
  return persist(request, async (signal) => {
    const { url, body, headers } = await open(request, { credentialsFor, accept, signal });
    const declared = Number(headers.get('content-length') ?? 0);
    if (declared > bytesMax) {
      dropBody(body);
      throw TooLargeError.announced(declared, bytesMax);
    }
    const { pieces, size } = await readArchive(body, { bytesMax, fileFor });
    // The connection lost bytes, so this is not the archive that was published.
    if (declared > 0 && size !== declared)
      throw new Error(`${size} bytes came, and ${declared} were announced`);
    const type = headers.get('content-type') ?? '';
    if (pieces === undefined) return { bytes: undefined, url, type };
    const encoding = headers.get('content-encoding') ?? undefined;
    return { bytes: tarballOf({ bytes: Buffer.concat(pieces), encoding }, undefined), url, type };
  });
}

/** Milliseconds without an answer or a byte of it. */
function idleTime({ settings, timeLimit }: AnyRequest): number {
  return Math.min(settings.timeout ?? timeLimit, timeLimit);
}

/** Tries as often as the settings say. The last result counts, whether it is usable or not. */
async function persist<Result>(
  { url, settings, timeLimit }: AnyRequest,
  attempt: (signal: AbortSignal) => Promise<Result>,
  isUsable: (result: Result) => boolean = () => true,
): Promise<Result> {
  const tryOnce = (): Promise<Result> => within(timeLimit, attempt);
  try {
    if (!/^https?:$/.test(new URL(url).protocol)) throw new Error('not an http or https URL');
    settings.reach?.check(url);
    for (const pause of pausesOf(settings)) {
      try {
        const result = await tryOnce();
        if (isUsable(result)) return result;
      } catch (error) {
        if (isFinal(error)) throw error;
      }
      await wait(pause);
      settings.reach?.check(url);
    }
    return await tryOnce().catch((error: unknown) => {
      settings.reach?.note(url, error);
      throw error;
    });
  } catch (error) {
    const why = redactUrl(error instanceof Error ? error.message : String(error));
    throw new TarwardenError('FETCH_FAILED', `cannot download ${redactUrl(url)}: ${why}`, {
      cause: error,
    });
  }
}

function isFinal(error: unknown): boolean {
  if (error instanceof StatusError) return error.isFinal;
  return error instanceof TooLargeError || error instanceof RedirectError || isUntrusted(error);
}

async function within<Result>(
  timeLimit: number,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeLimit);
  try {
    return await attempt(abort.signal);
  } catch (error) {
    if (abort.signal.aborted)
      throw new Error(`no answer within ${timeLimit / 1000} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    // A server may never end the body of a redirect or an error. It would keep this process alive.
    abort.abort();
  }
}

/** The user in the URL, or else the registry's credentials, go along with redirects within the origin. */
async function fetchByNpm(request: FetchRequest, signal: AbortSignal): Promise<Encoded> {
  const { url, name, settings, integrity, bytesMax = MAX_ARCHIVE_FILE_BYTES } = request;
  const { npmCredentials } = await import('@tarwarden/guard/registry-fetch');
  const { authorization, ...tls } = npmCredentials(url, fetchOptions(url, name, settings));
  const firstUrl = new URL(url);
  const credentials = { ...tls, authorization: userOf(firstUrl) ?? authorization };
  const { body, headers } = await open(request, {
    credentialsFor: (target) => (target.origin === firstUrl.origin ? credentials : {}),
    isPinned: integrity !== undefined,
    signal,
  });
  const declared = headers.get('content-length') ?? undefined;
  const bytes = await readBody(body, { declared, bytesMax, idle: idleTime(request) });
  return { bytes, encoding: headers.get('content-encoding') ?? undefined };
}

interface OpenOptions {
  readonly credentialsFor: (url: URL) => RequestCredentials;
  readonly accept?: string | undefined;
  readonly isPinned?: boolean;
  readonly signal: AbortSignal;
}

interface Opened {
  readonly url: URL;
  readonly body: Readable;
  readonly headers: { get(name: string): string | null };
}

/** The answer 200 at the end of all redirects, with its body unread. */
async function open(
  request: AnyRequest,
  { credentialsFor, accept = '*/*', isPinned = false, signal }: OpenOptions,
): Promise<Opened> {
  const { url: firstUrl, settings } = request;
  const { requestOnce } = await import('@tarwarden/guard/registry-fetch');
  const send = async (url: URL) => {
    const { authorization, tls } = credentialsFor(url);
    const bare = new URL(url);
    [bare.username, bare.password, bare.hash] = ['', '', ''];
    const answer = await requestOnce(bare.href, {
      connection: { ...fetchOptions(bare.href, undefined, settings), ...tls },
      headers: {
        accept,
        'accept-encoding': 'identity',
        'user-agent': settings.userAgent ?? 'tarwarden',
        ...(authorization !== undefined && { authorization }),
      },
      timeout: idleTime(request),
      signal,
    });
    const { status, statusText, headers, body } = answer;
    if (body === null) throw new Error('no body');
    return {
      answer: { status, statusText, headers, body },
      status,
      location: headers.get('location'),
      drop: () => dropBody(body),
    };
  };
  const { url, answer } = await follow(new URL(firstUrl), { send, isPinned });
  const { status, statusText, headers, body } = answer;
  if (status === 200) return { url, headers, body };
  dropBody(body);
  throw new StatusError(status, statusText);
}

interface ReadArchive {
  /** Undefined if the bytes are in the file. */
  readonly pieces: readonly Buffer[] | undefined;
  readonly size: number;
}

async function readArchive(
  body: Readable,
  {
    bytesMax,
    fileFor,
  }: { readonly bytesMax: number; readonly fileFor: ArchiveRequest['fileFor'] | undefined },
): Promise<ReadArchive> {
  const pieces: Buffer[] = [];
  let size = 0;
  let file: FileHandle | undefined;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > bytesMax) throw TooLargeError.read(bytesMax);
      pieces.push(piece);
      if (fileFor === undefined || (file === undefined && size <= IN_MEMORY_BYTES)) continue;
      // A second try starts the file again.
      file ??= await (await import('node:fs/promises')).open(await fileFor(), 'w', 0o600);
      const bytes = Buffer.concat(pieces.splice(0));
      for (let offset = 0; offset < bytes.length;)
        offset += (await file.write(bytes, offset)).bytesWritten;
    }
  } finally {
    dropBody(body);
    await file?.close();
  }
  return { pieces: file === undefined ? pieces : undefined, size };
}
