import { TarwardenError } from '../errors.ts';
import { redactUrl } from '../printable.ts';
import { fetchDirectly } from './direct-fetch.ts';
import type { NetworkSettings } from './fetch-settings.ts';
import { fetchOptions } from './fetch-settings.ts';
import { hasIntegrity } from './integrity.ts';

/** Compressed bytes of one tarball, kept in memory while it is judged. Seen: 43.7 MB. */
const TARBALL_BYTES_MAX = 512 * 1024 * 1024;

export interface FetchRequest {
  /** `http:` or `https:`. */
  readonly url: string;
  /** Package that the URL belongs to: a scope's registry may share its credentials with it. */
  readonly name?: string;
  /** Subresource Integrity that the bytes must have. */
  readonly integrity?: string;
  readonly settings: NetworkSettings;
  /** Milliseconds for all of it, retries included. */
  readonly timeLimit: number;
}

/**
 * Downloads one tarball as the user's package manager would: registry by scope, credentials, proxy, authorities, client
 * certificate, retries. Where it takes no more than an address, by one plain request; else through npm-registry-fetch, the
 * network layer of npm and pacote, which is loaded at the first call. pacote itself would write every tarball to an npm
 * cache on the way.
 *
 * @throws TarwardenError FETCH_FAILED, never with credentials in its message.
 */
export async function fetchTarball(request: FetchRequest): Promise<Buffer> {
  const { url, integrity, settings, timeLimit } = request;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeLimit);
  try {
    const address = new URL(url);
    if (!/^https?:$/.test(address.protocol)) throw new Error('not an http or https URL');
    const { signal } = abort;
    const idle = Math.min(settings.timeout ?? timeLimit, timeLimit);
    const bytesMax = TARBALL_BYTES_MAX;
    const bytes =
      (await fetchDirectly({ url: address, settings, signal, idle, bytesMax })) ??
      (await fetchByNpm(request, signal, idle));
    if (integrity !== undefined && !hasIntegrity(bytes, integrity))
      throw new Error(`its bytes do not have the integrity ${integrity}`);
    return bytes;
  } catch (error) {
    const late = abort.signal.aborted ? `no answer within ${timeLimit / 1000} s` : undefined;
    const why = late ?? redactUrl(error instanceof Error ? error.message : String(error));
    throw new TarwardenError('FETCH_FAILED', `cannot download ${redactUrl(url)}: ${why}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

async function fetchByNpm(
  { url, name, settings }: FetchRequest,
  signal: AbortSignal,
  idle: number,
): Promise<Buffer> {
  const { registryFetch } = await import('./registry-fetch.ts');
  const options = { ...fetchOptions(url, name, settings), timeout: idle, signal };
  const response = await registryFetch(url, options);
  return collect(response.body as AsyncIterable<Buffer>, signal);
}

async function collect(body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    signal.throwIfAborted();
    size += piece.length;
    if (size > TARBALL_BYTES_MAX) throw new Error(`more than ${TARBALL_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, size);
}
