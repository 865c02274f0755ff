/* Reads a list: a package (NAME or NAME@VERSION) or the address of a tarball on each line. Empty lines and lines with # are skipped. */
import { open } from 'node:fs/promises';
import { isRecord } from '@tarwarden/core/metadata';
import { printable } from '@tarwarden/core/text';
import { UsageError } from '@tarwarden/guard/command-line';
import { pMapIterable } from 'p-map';
import { GatewayAnswer } from '../gateway/answers.ts';
import { isPackageName, isVersion } from '../gateway/paths.ts';
import { failedPackage, itemText, sweepFailure, type Planned } from './archive.ts';
import type { SweptRegistry } from './registry.ts';

/** A line of a list. */
type Listed =
  | { readonly address: string }
  | { readonly name: string; readonly version: string | undefined };

type Versions = Pick<SweptRegistry, 'versions'>;

/** The most documents that are fetched at once, and the tries for each of them. */
const DOCUMENTS = 4;
const TRIES = 4;

/**
 * The archives that a list names. The registry is asked for the versions of packages.
 * @throws UsageError if a line is neither a package nor an address, before anything is planned.
 */
export async function openList(
  file: string,
  registry: Versions,
  signal: AbortSignal,
): Promise<AsyncIterable<Planned>> {
  const lines = linesIn(file);
  // Read to its end once, so that a mistake is found before hours of work.
  while ((await lines.next()).done !== true);
  return archivesOf(linesIn(file), registry, signal);
}

async function* linesIn(file: string): AsyncGenerator<Listed> {
  const handle = await open(file, 'r').catch((cause: Error) => {
    throw new UsageError(`the list cannot be read: ${printable(cause.message)}`, 'sweep');
  });
  try {
    let number = 0;
    for await (const line of handle.readLines({ encoding: 'utf8' })) {
      number += 1;
      const text = line.trim();
      if (text !== '' && !text.startsWith('#')) yield listedIn(text, number);
    }
  } finally {
    await handle.close();
  }
}

function listedIn(text: string, number: number): Listed {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return { address: text };
  const at = text.indexOf('@', 1);
  const name = at < 0 ? text : text.slice(0, at);
  const version = at < 0 ? undefined : text.slice(at + 1);
  if (isPackageName(name) && (version === undefined || isVersion(version)))
    return { name, version };
  throw new UsageError(
    `line ${number} of the list is neither NAME, NAME@VERSION nor an http address`,
    'sweep',
  );
}

async function* archivesOf(
  lines: AsyncIterable<Listed>,
  registry: Versions,
  signal: AbortSignal,
): AsyncGenerator<Planned> {
  const planned = async (listed: Listed): Promise<readonly Planned[]> =>
    'address' in listed
      ? [{ archive: { item: itemText(listed.address), at: listed } }]
      : plannedOf(listed, registry, signal);
  for await (const some of pMapIterable(lines, planned, { concurrency: DOCUMENTS })) yield* some;
}

async function plannedOf(
  { name, version }: Exclude<Listed, { readonly address: string }>,
  registry: Versions,
  signal: AbortSignal,
): Promise<readonly Planned[]> {
  const label = version === undefined ? name : `${name}@${version}`;
  for (let tries = 1; ; tries += 1)
    try {
      const all = Object.entries(await registry.versions(name, signal));
      const wanted = version === undefined ? all : all.filter(([own]) => own === version);
      if (wanted.length === 0) throw new GatewayAnswer(404, 'the registry has no such version');
      return wanted.map(([own, manifest]) => versionOf(name, own, manifest));
    } catch (error) {
      const failure = sweepFailure(error);
      if (failure.isFinal || tries === TRIES || signal.aborted)
        return [failedPackage(label, failure)];
    }
}

/** A version in a document. The registry and the publisher wrote it, so nothing in it is trusted. */
function versionOf(name: string, version: string, manifest: unknown): Planned {
  const label = `${name}@${version}`;
  const dist = isRecord(manifest) ? manifest['dist'] : undefined;
  const address = isRecord(dist) ? dist['tarball'] : undefined;
  if (!isRecord(dist) || typeof address !== 'string' || !URL.canParse(address))
    return failedPackage(label, {
      code: 'NOT_FETCHED',
      message: 'the registry has no address for it',
    });
  const integrity = integrityIn(dist);
  const expected = { name, version };
  const hashed = integrity === undefined ? {} : { integrity };
  return { archive: { item: itemText(label), at: { address }, expected, ...hashed } };
}

function integrityIn({ integrity, shasum }: Record<string, unknown>): string | undefined {
  if (typeof integrity === 'string' && integrity !== '') return integrity;
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/i.test(shasum)) return undefined;
  return `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`;
}
