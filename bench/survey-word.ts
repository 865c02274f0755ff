import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { inspect, rules, type RuleId } from '@tarwarden/core';
import { compareNpmClaim, type ClaimKind, type NpmClaim } from '@tarwarden/core/metadata';
import { lockfileKindOf, readLockfile } from '../packages/lockfiles/src/index.ts';

import { cacheFolder, type Listed } from './corpus.ts';
import { listed } from './survey/list.ts';
import { documentsOf } from './survey/documents.ts';
import { fillWordPage, type WordCount } from './survey/word-page.ts';

const HELP = `usage: pnpm survey:word [--documents FOLDER] [--lockfiles FOLDER] [--archives FOLDER] [--write] [--json FILE]

Compares what others say about the packages of bench/survey/packages.txt with their tarballs, and counts every difference.
It asks no registry: the tarballs are those that pnpm survey has fetched.

  --documents FOLDER  the registry's documents, as pnpm 12 keeps them (default: those of this user)
  --lockfiles FOLDER  lockfiles of projects, in any folders below this one, in place of documents
  --archives FOLDER   tarballs as pnpm survey keeps them
  --write             put the table into docs/survey.md
  --json FILE         keep every difference

exit codes: 0 compared; 1 nothing could be compared; 2 usage
`;

const PAGE = new URL('../docs/survey.md', import.meta.url);
const DOCUMENTS = join(homedir(), '.cache/pnpm/v12/metadata-full/https%3A+registry.npmjs.org');

interface Difference {
  readonly id: string;
  readonly rule: RuleId;
  readonly detail: string;
}

function main(): number {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        documents: { type: 'string', default: DOCUMENTS },
        lockfiles: { type: 'string' },
        archives: { type: 'string', default: join(cacheFolder, 'survey') },
        write: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    process.stderr.write(`survey: ${(error as Error).message}\nTry: pnpm survey:word --help\n`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { archives, documents, lockfiles } = values;
  const words = lockfiles === undefined ? documentWords(documents) : lockfileWords(lockfiles);
  const found: Difference[] = [];
  const [names, compared] = [new Set<string>(), new Set<string>()];
  /** The archives for which something shows each kind. */
  const kinds = new Map<string, number>();
  for (const { name, version, integrity } of listed()) {
    const file = join(archives, `${createHash('sha256').update(integrity).digest('hex')}.tgz`);
    const claims = words({ name, version, integrity });
    if (claims.length === 0 || !existsSync(file)) continue;
    const id = `${name}@${version}`;
    names.add(name);
    compared.add(id);
    const shown = new Set(claims.flatMap(({ shows = ALL_KINDS }) => [...shows]));
    for (const kind of shown) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const { manifest } = inspect(readFileSync(file));
    for (const claim of claims)
      found.push(...compareNpmClaim(manifest, claim).map((seen) => ({ id, ...seen })));
  }
  const counts = counted(found);
  if (values.json !== undefined)
    writeFileSync(
      values.json,
      `${JSON.stringify({ compared: compared.size, names: names.size, found }, null, 1)}\n`,
    );
  const page = fillWordPage(readFileSync(PAGE, 'utf8'), {
    compared: compared.size,
    names: names.size,
    counts,
  });
  if (values.write) writeFileSync(PAGE, page);
  for (const { rule, archives: number, examples } of counts)
    process.stdout.write(`${rule} ${number}: ${examples.join(', ')}\n`);
  for (const [kind, number] of kinds)
    process.stdout.write(`${kind}: shown for ${number} archives\n`);
  process.stdout.write(`${compared.size} archives of ${names.size} names\n`);
  return compared.size > 0 ? 0 : 1;
}

const ALL_KINDS: readonly ClaimKind[] = [
  ...([
    'identity',
    'dependencies',
    'peers',
    'bundled',
    'bin',
    'scripts',
    'platform',
    'engines',
  ] as const),
];

type Words = (listed: Listed) => readonly NpmClaim[];

/** The registry's documents. */
function documentWords(folder: string): Words {
  return ({ name, version, integrity }) => {
    const document = documentsOf(folder, name)?.get(version);
    if (document?.dist?.integrity !== integrity) return [];
    return [{ ecosystem: 'npm', by: 'registry', document }];
  };
}

/** The entries of all lockfiles for the same bytes, each text of them once. Yarn's checksums are of other bytes: the version has to do. */
function lockfileWords(folder: string): Words {
  const byPackage = new Map<string, Map<string, NpmClaim>>();
  for (const path of readdirSync(folder, { recursive: true }).map(String)) {
    if (lockfileKindOf(basename(path)) === undefined) continue;
    const { packages } = readLockfile(basename(path), readFileSync(join(folder, path), 'utf8'));
    for (const { name, version, integrity, claim } of packages) {
      if (claim === undefined) continue;
      const hash = integrity?.type === 'sri' ? integrity.value : '';
      const known = byPackage.get(`${name}@${version} ${hash}`) ?? new Map<string, NpmClaim>();
      known.set(JSON.stringify([claim.document, ...(claim.shows ?? [])]), claim);
      byPackage.set(`${name}@${version} ${hash}`, known);
    }
  }
  return ({ name, version, integrity }) =>
    [integrity, ''].flatMap((hash) => [
      ...(byPackage.get(`${name}@${version} ${hash}`)?.values() ?? []),
    ]);
}

/** Examples of each rule that are shown. Of the errors, all are. */
const EXAMPLES = 5;

function counted(found: readonly Difference[]): WordCount[] {
  const compared = Object.values(rules).filter(({ id }) => id.startsWith('registry-'));
  return compared.map(({ id, level }) => {
    const ids = [...new Set(found.filter(({ rule }) => rule === id).map((item) => item.id))].sort();
    const examples = level === 'error' ? ids : ids.slice(0, EXAMPLES);
    return { rule: id, level, archives: ids.length, examples };
  });
}

process.exitCode = main();
