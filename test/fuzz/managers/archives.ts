/** Accepted archives to be installed by real managers, and what the verdict promises that they unpack to. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { DEFAULT_POLICY, inspect, type Policy } from '@tarwarden/core';
import { unpack } from '@tarwarden/guard';
import { parseManifest, type PackageJson } from '../../../packages/core/src/metadata/manifest.ts';
import { nameOf, type Sample } from '../../e2e/views/observe.ts';
import { tree } from '../../support/tree.ts';
import { namedInputOf } from '../generate.ts';

/** What lies at a path of an installed package. */
export type Promised =
  | { readonly kind: 'file'; readonly content: Buffer; readonly executable: boolean }
  | { readonly kind: 'directory' };

/** An archive that was accepted, under the name that it has on the registry. */
export interface Accepted extends Sample {
  readonly round: number;
  readonly tgz: Buffer;
  /** Rules that warned, or noted something. */
  readonly warnings: readonly string[];
  /** Files that others than their owner may run, and nothing runs: as many as are listed. */
  readonly oddlyExecutable: readonly string[];
  /** By path below the first folder, parent folders included. */
  readonly promised: ReadonlyMap<string, Promised>;
  /** The package.json that is unpacked. */
  readonly manifest: PackageJson;
}

/** Rounds after which names come again. */
const NAMES = 36 ** 4;

/** The archive of a round, or undefined where it is not accepted. */
export function acceptedOf(
  seed: number,
  round: number,
  seeds: readonly Buffer[],
): Accepted | undefined {
  const id = (round % NAMES).toString(36).padStart(4, '0');
  const one = accepted(id, namedInputOf(packageName(id), { seed, round, seeds }));
  return one && { ...one, round };
}

/** Inspects an archive as an adapter does, which knows what it asked for. */
export function accepted(
  id: string,
  tgz: Buffer,
  policy: Policy = DEFAULT_POLICY,
): Accepted | undefined {
  const expected = { name: packageName(id), version: '1.0.0' };
  const verdict = inspect(tgz, { expected, policy });
  if (verdict.status !== 'accept') return undefined;
  const warnings = [...new Set(verdict.findings.map(({ rule }) => rule))];
  const oddlyExecutable = verdict.findings
    .filter(({ rule }) => rule === 'executable-for-others')
    .map(({ entry = '' }) => posix.normalize(entry.slice(entry.indexOf('/') + 1)));
  return {
    id,
    round: 0,
    tgz,
    build: () => tgz,
    warnings,
    oddlyExecutable,
    ...unpacked(tgz, policy),
  };
}

/** The name of a package on the registry. */
export const packageName = (id: string): string => nameOf({ id, build: () => Buffer.alloc(0) });

/** The first archives of a seed that are accepted. */
export function firstAccepted(seed: number, count: number, seeds: readonly Buffer[]): Accepted[] {
  const found: Accepted[] = [];
  for (let round = 0; found.length < count; round++) {
    const one = acceptedOf(seed, round, seeds);
    if (one) found.push(one);
  }
  return found;
}

function unpacked(tgz: Buffer, policy: Policy): Pick<Accepted, 'promised' | 'manifest'> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-promise-'));
  try {
    const destination = join(folder, 'package');
    unpack(tgz, destination, { policy });
    const promised = new Map(
      tree(destination).map((line) =>
        promisedBy(line, (path) => readFileSync(join(destination, path))),
      ),
    );
    return { promised, manifest: parseManifest(readFileSync(join(destination, 'package.json'))) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function promisedBy(
  line: string,
  read: (path: string) => Buffer,
): [path: string, promised: Promised] {
  const [, path, mode = ''] = /^file (.*) [0-9a-f]{64} ([0-7]+)$/s.exec(line) ?? [];
  if (path === undefined) return [line.replace(/^dir /, ''), { kind: 'directory' }];
  const executable = (Number.parseInt(mode, 8) & 0o100) !== 0;
  return [path, { kind: 'file', content: read(path), executable }];
}
