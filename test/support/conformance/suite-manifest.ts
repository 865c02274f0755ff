/** What `manifest.json` of the conformance suite says about each archive. Pure. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inspect, type Finding, type Format } from '@tarwarden/core';
import type { ClientTable } from '../../e2e/views/clients/table.ts';
import type { Table } from '../../e2e/views/table.ts';
import {
  citationOf,
  classOf,
  CONTAINER_CITATIONS,
  ORDINARY,
  type Citation,
  type Scope,
} from './citations.ts';
import type { SuiteArchive } from './suite-archives.ts';
import { suiteTree, type SuiteTree } from './suite-tree.ts';

/** Findings of one archive that the manifest lists. */
const MAX_ODD = 20;

/** What is odd, and at which byte. `layer` says in which bytes the offset counts. */
export type Odd = Pick<Finding, 'level' | 'layer' | 'offset' | 'field' | 'entry' | 'message'> & {
  /** The code of the problem. */
  readonly rule: string;
};

type Expected = { readonly verdict: 'refuse' } | ({ readonly verdict: 'accept' } & SuiteTree);

export interface SuiteEntry {
  readonly id: string;
  readonly title: string;
  readonly format: Format;
  /** `ordinary` for a near miss. */
  readonly class: string;
  readonly scope: Scope;
  /** Path below the folder of the suite. */
  readonly file: string;
  readonly size: number;
  readonly sha512: string;
  /** The package that a client asks for when it gets this archive. */
  readonly package: string;
  readonly citation: Citation;
  readonly expected: Expected;
  readonly odd: readonly Odd[];
  /** By client and version, what the client made of the archive. Empty where nothing was measured. */
  readonly measured: Readonly<Record<string, string>>;
}

const data = <Content>(name: string): Content =>
  JSON.parse(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')) as Content;

/** Describes one archive. @throws Error if the inspection does not say what the archive is built for. */
export function suiteEntry(archive: SuiteArchive, bytes: Buffer): SuiteEntry {
  const { id, title, format, fileName, level, rules } = archive;
  const at = archive.package.lastIndexOf('@');
  const expected = {
    name: archive.package.slice(0, at),
    version: archive.package.slice(at + 1),
    fileName,
  };
  const { status, findings } = inspect(bytes, { format, expected });
  const refuses = level === 'error';
  if ((status === 'reject') !== refuses) throw new Error(`${id}: the inspection says ${status}`);
  const [rule] = rules;
  const suiteClass = rule === undefined ? undefined : classOf(rule);
  const citation =
    rule === undefined
      ? CONTAINER_CITATIONS[format]
      : citationOf(rule, { format, isZip: bytes.subarray(0, 2).toString('latin1') === 'PK' });
  if (citation === undefined) throw new Error(`${id}: no specification is cited`);
  return {
    id,
    title,
    format,
    class: suiteClass?.id ?? ORDINARY,
    scope: suiteClass?.scope ?? 'container',
    file: `archives/${id}/${fileName}`,
    size: bytes.length,
    sha512: createHash('sha512').update(bytes).digest('hex'),
    package: archive.package,
    citation,
    expected: refuses ? { verdict: 'refuse' } : { verdict: 'accept', ...suiteTree(format, bytes) },
    odd: findings.slice(0, MAX_ODD).map(oddOf),
    measured: measuredOf(archive),
  };
}

function oddOf({ rule, code, level, layer, offset, field, entry, message }: Finding): Odd {
  return {
    rule: code ?? rule,
    level,
    ...(layer !== undefined && { layer }),
    ...(offset !== undefined && { offset }),
    ...(field !== undefined && { field }),
    ...(entry !== undefined && { entry }),
    message,
  };
}

let tables: { readonly npm: Table; readonly clients: ClientTable } | undefined;

/** The committed results of the clients without a guard. */
function measuredOf({ format, name }: SuiteArchive): Record<string, string> {
  tables ??= { npm: data('attack-table.json'), clients: data('attack-table-clients.json') };
  const { npm, clients } = tables;
  const words = format === 'npm' ? npm.archives[name]?.unguarded : undefined;
  const others = format in clients.archives ? clients.archives[format as 'gem'][name] : undefined;
  const cells = Object.entries(words ?? others ?? {});
  return Object.fromEntries(
    cells
      .filter(([client]) => !client.startsWith('guarded-'))
      .map(([client, word]) => [
        `${client.replace(/-\d[\d.]*$/, '')} ${versionOf(client)}`,
        word.replaceAll('*', ''),
      ]),
  );
}

function versionOf(client: string): string {
  const npm: Readonly<Record<string, { readonly version: string }>> = tables?.npm.managers ?? {};
  return (npm[client] ?? tables?.clients.clients[client])?.version ?? '';
}
