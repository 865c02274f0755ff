import { setTimeout as wait } from 'node:timers/promises';
import { TarwardenError } from '@tarwarden/core';
import { redactUrl } from '@tarwarden/core/text';
import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import { fetchDirectly } from './direct-fetch.ts';
import { dropBody } from './drop-body.ts';
import { readBody } from './fetch-body.ts';
import { tarballOf, type Encoded } from './fetch-encoding.ts';
import { isUntrusted, pausesOf, StatusError } from './fetch-retry.ts';
import type { NetworkSettings } from './fetch-settings.ts';
import { fetchOptions } from './fetch-settings.ts';
import { hasIntegrity } from './integrity.ts';
import { TooLargeError } from './too-large.ts';

export interface FetchRequest {
  /** `http:` or `https:`. */
  readonly url: string;
  /** The package of the URL. The credentials of its scope's registry may be used for the URL. */
  readonly name?: string;
  /** Subresource Integrity that the bytes must have. */
  readonly integrity?: string;
  /** Used if no integrity is known. Returns whether the bytes are undamaged. */
  readonly isWhole?: (bytes: Buffer) => boolean;
  readonly settings: NetworkSettings;
  /** Milliseconds for each try. */
  readonly timeLimit: number;
  /** The most bytes, if the file is smaller than an archive may be. */
  readonly bytesMax?: number;
}

/**
 * Downloads one tarball as the user's package manager would: registry by scope, credentials, proxy, authorities, client certificate,
 * retries. If an address is enough, it makes one plain request; otherwise it loads the network layer of npm and pacote. pacote itself
 * would write every tarball to an npm cache.
 *
 * Failures are retried, and so are bytes without the integrity, such as a proxy's error page or a body that was cut off. An untrusted
 * certificate is final. If no integrity is known, bytes that stay damaged are returned, and the verdict reports the damage.
 *
 * @throws TarwardenError FETCH_FAILED, never with credentials in its message.
 */
export async function fetchTarball(request: FetchRequest): Promise<Buffer> {
  const { url, settings, isWhole } = request;
  try {
    if (!/^https?:$/.test(new URL(url).protocol)) throw new Error('not an http or https URL');
    const pauses = pausesOf(settings);
    settings.reach?.check(url);
    for (const pause of pauses) {
      const bytes = await tryOnce(request).catch((error: unknown) => {
        if (isFinal(error)) throw error;
      });
      if (bytes !== undefined && isWhole?.(bytes) !== false) return bytes;
      await wait(pause);
      settings.reach?.check(url);
    }
    return await tryOnce(request).catch((error: unknown) => {
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
  return error instanceof TooLargeError || isUntrusted(error);
}

async function tryOnce(request: FetchRequest): Promise<Buffer> {
  const { url, integrity, settings, timeLimit, bytesMax = MAX_ARCHIVE_FILE_BYTES } = request;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeLimit);
  const { signal } = abort;
  const idle = Math.min(settings.timeout ?? timeLimit, timeLimit);
  try {
    const answer =
      (await fetchDirectly({ url: new URL(url), settings, signal, idle, bytesMax })) ??
      (await fetchByNpm(request, signal, idle));
    const bytes = tarballOf(answer, integrity);
    if (integrity !== undefined && !hasIntegrity(bytes, integrity))
      throw new Error(`its bytes do not have the integrity ${integrity}`);
    return bytes;
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer within ${timeLimit / 1000} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function fetchByNpm(
  { url, name, settings, bytesMax = MAX_ARCHIVE_FILE_BYTES }: FetchRequest,
  signal: AbortSignal,
  idle: number,
): Promise<Encoded> {
  const { requestTarball } = await import('@tarwarden/host/registry-fetch');
  const { userAgent = 'tarwarden' } = settings;
  const options = { ...fetchOptions(url, name, settings), userAgent, timeout: idle, signal };
  const { status, statusText, headers, body } = await requestTarball(url, options);
  if (body === null) throw new Error('no body');
  if (status !== 200) {
    dropBody(body);
    throw new StatusError(status, statusText);
  }
  const declared = headers.get('content-length') ?? undefined;
  const bytes = await readBody(body, { declared, bytesMax, idle });
  return { bytes, encoding: headers.get('content-encoding') ?? undefined };
}
