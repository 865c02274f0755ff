/*
 * The certificate authorities that bun trusts: those in the settings or, without any, its own list, those of the system and those of
 * NODE_EXTRA_CA_CERTS. Node does not use the system's authorities.
 */
import { resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { printable } from '@tarwarden/core/text';
import { readBounded, systemAuthorities } from '@tarwarden/host';

/** The most bytes of one file. Files of systems have some hundred kilobytes. */
const BYTES_MAX = 8 * 1024 * 1024;

export interface NamedAuthorities {
  /** `--ca`: PEM texts. */
  readonly ca?: readonly string[];
  readonly cafile?: string;
}

/** The authorities that the command line names, as PEM texts. @throws Error if the file cannot be read, because bun must trust no others. */
export function namedAuthorities(
  { ca = [], cafile }: NamedAuthorities,
  cwd: string,
): readonly string[] | undefined {
  if (cafile === undefined) return ca.length === 0 ? undefined : ca;
  const text = textOf(resolve(cwd, cafile));
  if (text === undefined)
    throw new Error(`the file of authorities ${printable(cafile, 4096)} (--cafile) cannot be read`);
  return [...ca, text];
}

/** The authorities that bun trusts by default, as PEM texts. */
export function defaultAuthorities(env: NodeJS.ProcessEnv): readonly string[] {
  const { NODE_EXTRA_CA_CERTS: extra = '' } = env;
  const more = extra === '' ? undefined : textOf(extra);
  return [
    ...rootCertificates,
    ...(systemAuthorities(env) ?? []),
    ...(more === undefined ? [] : [more]),
  ];
}

function textOf(path: string): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: BYTES_MAX, follow: true });
    return bytes?.toString('latin1');
  } catch {
    return undefined;
  }
}
