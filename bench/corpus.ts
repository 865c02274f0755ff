import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pacote from 'pacote';

import { atOnce } from './at-once.ts';

export interface Listed {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** A real tarball of a committed list. */
export interface Tarball {
  readonly id: string;
  readonly file: string;
  readonly bytes: Buffer;
}

const here = fileURLToPath(new URL('.', import.meta.url));
/** Where what is fetched is kept between runs. */
export const cacheFolder: string = join(here, '../node_modules/.cache');

export const FETCHED_AT_ONCE = 16;

/**
 * The tarballs that a list beside this file names, from the cache or from the registry that npm is configured for.
 * Their integrity is checked each time, so that two machines measure the same bytes.
 */
export async function tarballs(list: 'corpus' | 'largest'): Promise<Tarball[]> {
  const listed = JSON.parse(readFileSync(join(here, `${list}.json`), 'utf8')) as Listed[];
  const folder = join(cacheFolder, `bench-${list}`);
  mkdirSync(folder, { recursive: true });
  const found = Array.from<Tarball>({ length: listed.length });
  await atOnce(listed, FETCHED_AT_ONCE, async (entry, at) => {
    found[at] = await fetched(entry, folder);
  });
  return found;
}

/** A tarball from `folder`, else from the registry, where `folder` then has it. Its integrity is checked each time. */
export async function fetched(
  { name, version, integrity }: Listed,
  folder: string,
  spec = `${name}@${version}`,
): Promise<Tarball> {
  const file = join(folder, `${createHash('sha256').update(integrity).digest('hex')}.tgz`);
  let bytes = readIfPresent(file);
  if (bytes === undefined || !matches(bytes, integrity)) {
    const registry = process.env['npm_config_registry'];
    bytes = await pacote.tarball(spec, { integrity, ...(registry && { registry }) });
    writeFileSync(file, bytes);
  }
  return { id: `${name}@${version}`, file, bytes };
}

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function matches(bytes: Buffer, integrity: string): boolean {
  const algorithm = integrity.slice(0, integrity.indexOf('-'));
  return `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}` === integrity;
}
