/*
 * Downloads as bun does: with its number of tries, and with the authorities that it trusts: those in the settings or, without any, its own
 * list, those of the system and those of NODE_EXTRA_CA_CERTS. Node does not use the system's authorities.
 */
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { printable } from '@tarwarden/core/text';
import {
  fetchTarball,
  isUntrusted,
  readBounded,
  systemAuthorities,
  type FetchRequest,
  type NetworkSettings,
} from '@tarwarden/guard';
import type { BunCommand } from '@tarwarden/clients/bun/command-line';

const TIME_LIMIT = 300_000;

/** bun tries again at once, while npm waits for a minute. The user's settings for npm override this. */
const RETRIES = { retries: 2, retryMinTimeout: 200, retryMaxTimeout: 1000 } as const;

export interface DownloadTrust {
  readonly env: NodeJS.ProcessEnv;
  /** PEM texts of the command line, which override all settings. */
  readonly authorities?: readonly string[] | undefined;
}

interface Both {
  readonly usual: NetworkSettings;
  /** With the authorities of the system; absent if the settings name authorities. */
  readonly system?: NetworkSettings;
}

/** Connections are kept open for one object of settings. */
const bySettings = new WeakMap<NetworkSettings, Both>();

/** Origins that need the system's authorities. This long list costs time in each request, so other origins do without. */
const needSystem = new Set<string>();

/** @throws TarwardenError as `fetchTarball`. */
export async function download(
  request: Omit<FetchRequest, 'timeLimit'>,
  trust: DownloadTrust,
): Promise<Buffer> {
  const { usual, system } = settingsOf(request.settings, trust);
  const fetch = async (settings: NetworkSettings): Promise<Buffer> =>
    fetchTarball({ ...request, settings, timeLimit: TIME_LIMIT });
  if (system === undefined) return fetch(usual);
  const origin = URL.canParse(request.url) ? new URL(request.url).origin : '';
  if (!needSystem.has(origin)) {
    try {
      return await fetch(usual);
    } catch (error) {
      if (!isUntrusted(error)) throw error;
    }
  }
  needSystem.add(origin);
  return fetch(system);
}

function settingsOf(settings: NetworkSettings, { env, authorities }: DownloadTrust): Both {
  let pair = bySettings.get(settings);
  if (pair === undefined) {
    const usual = {
      ...RETRIES,
      ...settings,
      ...(authorities !== undefined && { ca: authorities }),
    };
    pair =
      usual.ca === undefined
        ? { usual, system: { ...usual, ca: defaultAuthorities(env) } }
        : { usual };
    bySettings.set(settings, pair);
  }
  return pair;
}

/** The most bytes of one file. Files of systems have some hundred kilobytes. */
const BYTES_MAX = 8 * 1024 * 1024;

/** The authorities that the command line names, as PEM texts. @throws Error if the file cannot be read, because bun must trust no others. */
export function namedAuthorities(
  { ca, cafile }: Pick<BunCommand, 'ca' | 'cafile'>,
  cwd: string,
): readonly string[] | undefined {
  if (cafile === undefined) return ca.length === 0 ? undefined : ca;
  const text = authorityText(resolve(cwd, cafile));
  if (text === undefined)
    throw new Error(`the file of authorities ${printable(cafile, 4096)} (--cafile) cannot be read`);
  return [...ca, text];
}

/** The authorities that bun trusts by default, as PEM texts. */
function defaultAuthorities(env: NodeJS.ProcessEnv): readonly string[] {
  const { NODE_EXTRA_CA_CERTS: extra = '' } = env;
  const extraText = extra === '' ? undefined : authorityText(extra);
  return [
    ...rootCertificates,
    ...(systemAuthorities(env) ?? []),
    ...(extraText === undefined ? [] : [extraText]),
  ];
}

function authorityText(path: string): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: BYTES_MAX, follow: true });
    return bytes?.toString('latin1');
  } catch {
    return undefined;
  }
}
