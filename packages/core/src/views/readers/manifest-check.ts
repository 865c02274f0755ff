import { isRecord } from '../../metadata/index.ts';

/** Checks the unpacked package.json as a manager does. Returns the reason why the install fails, or undefined. */
export type ManifestCheck = (content: Buffer) => string | undefined;

/** A name of a package or a command that Yarn accepts in an identifier. */
const IDENT = /^(?:@[^/]+?\/)?[^@/]+$/;

const NO_JSON = 'its package.json is not JSON';

/** pnpm 10 and 11 and Yarn classic read it while they unpack. */
export const jsonManifest: ManifestCheck = (content) =>
  parsed(content.toString()) === undefined ? NO_JSON : undefined;

/** Yarn 3 and 4 read it when they link, and take the names of commands for identifiers. */
export const yarnManifest: ManifestCheck = (content) => {
  const json = parsed(content.toString() || '{}');
  if (json === undefined) return NO_JSON;
  if (typeof json !== 'object' || json === null) return 'its package.json is not an object';
  const bin = isRecord(json) ? json['bin'] : undefined;
  if (isRecord(bin))
    for (const [name, target] of Object.entries(bin))
      if (typeof target === 'string' && !IDENT.test(name)) return 'the name of a command is a path';
  return undefined;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
