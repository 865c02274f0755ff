/* Downloads archives that a lockfile pins by the hash of the whole file. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as digest } from 'node:crypto';
import { MAX_ARCHIVE_FILE_BYTES, MAX_WHEEL_FILE_BYTES } from '@tarwarden/core/limits';
import { redactUrl } from '@tarwarden/core/text';
import {
  fetchArchive,
  fileHasIntegrity,
  hasIntegrity,
  systemAuthorities,
  type ArchiveRequest,
  type HostReach,
  type NetworkSettings,
} from '@tarwarden/guard';
import { readSettingsText, type Variables } from '@tarwarden/clients/settings';
import { failureText, noBytes, type FoundArchive } from '../archives.ts';
import type { NotInspectedReason } from '../result.ts';

/** Milliseconds for each try of the page of an index. */
const PAGE_TIME_LIMIT = 120_000;

/** Fetches a page of an index into memory. @throws Error of `fetchArchive`. */
export async function fetchPage(
  request: Omit<ArchiveRequest, 'timeLimit' | 'fileFor'>,
): Promise<{ readonly bytes: Buffer; readonly url: URL; readonly type: string }> {
  const { bytes, url, type } = await fetchArchive({ ...request, timeLimit: PAGE_TIME_LIMIT });
  return { bytes: bytes!, url, type };
}

/** Milliseconds for each try. Large wheels take long. */
const TIME_LIMIT = 1_800_000;

const RETRIES: NetworkSettings = { retries: 2, retryFactor: 3, retryMinTimeout: 1000 };

interface DownloadOptions {
  readonly url: string;
  /** The name of the archive, and of the file into which it is written. */
  readonly fileName: string;
  readonly authorizationFor: (url: URL) => string | undefined;
  readonly settings: NetworkSettings;
  /** Subresource Integrity, if anything pins it. */
  readonly integrity: string | undefined;
  /** The advice for a download that failed. */
  readonly remedyFor?: (error: unknown) => string;
}

/** @param ifOther Called with the address, without credentials, if the bytes do not have the integrity. Its result is returned. */
export async function downloadArchive<Other extends NotInspectedReason | undefined>(
  options: DownloadOptions,
  ifOther: (address: string) => Other,
): Promise<
  Pick<FoundArchive, 'content' | 'from' | 'address' | 'dispose'> | NotInspectedReason | Other
> {
  const { url, fileName, authorizationFor, settings, integrity, remedyFor } = options;
  const address = redactUrl(url);
  const isWheel = fileName.endsWith('.whl');
  let folder: string | undefined;
  const fileFor = async (): Promise<string> => {
    folder ??= await mkdtemp(join(tmpdir(), 'tarwarden-audit-'));
    return join(folder, fileName);
  };
  const dispose = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { bytes } = await fetchArchive({
      url,
      authorizationFor,
      settings: { ...RETRIES, ...settings },
      timeLimit: TIME_LIMIT,
      bytesMax: isWheel ? MAX_WHEEL_FILE_BYTES : MAX_ARCHIVE_FILE_BYTES,
      fileFor,
    });
    const content = bytes ?? (await fileFor());
    if (integrity === undefined || (await contentHasAll(content, integrity)))
      return { content, from: 'registry', address, dispose };
    dispose();
    return ifOther(address);
  } catch (error) {
    dispose();
    return noBytes(failureText(error), remedyFor?.(error));
  }
}

/** Whether bytes have every hash of a text. Each is of another algorithm, and a client may check any of them. */
export function hasAll(bytes: Uint8Array, integrity: string): boolean {
  return integrity.split(' ').every((hash) => hasIntegrity(bytes, hash));
}

/** Like {@link hasAll}, for bytes or for the path of a file that may be long. */
export async function contentHasAll(content: Buffer | string, integrity: string): Promise<boolean> {
  if (typeof content !== 'string') return hasAll(content, integrity);
  const hashes = integrity.split(' ').map((hash) => fileHasIntegrity(content, hash));
  return (await Promise.all(hashes)).every(Boolean);
}

/** The SHA-256 of bytes, under which guards remember verdicts of wheels, sdists and gems. */
export function sha256Of(bytes: Uint8Array): string {
  return `sha256-${digest('sha256', bytes, 'base64')}`;
}

interface ClientNetwork {
  /** A file with certificate authorities. */
  readonly ca: string | undefined;
  readonly proxy?: string | undefined;
  readonly reach?: HostReach | undefined;
}

/** How pip and Bundler reach servers: with the authorities of that file, else with those of the system. A proxy of the environment counts in any case. */
export function networkOf(env: Variables, { ca, proxy, reach }: ClientNetwork): NetworkSettings {
  const text = ca === undefined ? undefined : readSettingsText(ca, { follow: true });
  const system = text === undefined ? systemAuthorities(env) : [text];
  return {
    ...RETRIES,
    ...(system !== undefined && { ca: system }),
    ...(proxy !== undefined && { httpProxy: proxy, httpsProxy: proxy }),
    userAgent: 'tarwarden audit',
    ...(reach !== undefined && { reach }),
  };
}
