/* The report as OpenVEX 0.2.0 (https://openvex.dev/ns/v0.2.0), which says for other tools which holes matter here. */
import { createHash } from 'node:crypto';
import { escapedJson, packageUrl } from '@tarwarden/core/text';
import type { Component, OsvEcosystem } from '../component.ts';
import type { Examination } from '../examine.ts';
import type { Hole } from '../hole.ts';
import { remedyOf } from '../remedy.ts';

export interface VexOptions {
  /** The version of tarwarden. */
  readonly version: string;
  readonly now: Date;
}

interface VexStatement {
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] };
  readonly products: readonly Product[];
  readonly status: 'not_affected' | 'affected' | 'under_investigation';
  readonly justification?: 'vulnerable_code_not_in_execute_path';
  readonly impact_statement?: string;
  readonly action_statement?: string;
}

interface Product {
  readonly '@id': string;
  readonly subcomponents?: readonly { readonly '@id': string }[];
}

export function openVexReport({ holes }: Examination, { version, now }: VexOptions): string {
  const statements = unique(holes.map(statementOf));
  const content = escapedJson(statements);
  const digest = createHash('sha256').update(content).digest('hex');
  return `${escapedJson({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:tarwarden:vex:${digest}`,
    author: 'tarwarden doctor',
    timestamp: now.toISOString(),
    version: 1,
    tooling: `tarwarden ${version}`,
    statements,
  })}\n`;
}

/** Several copies of one version are one product. */
function unique(statements: readonly VexStatement[]): VexStatement[] {
  return [
    ...new Map(statements.map((statement) => [JSON.stringify(statement), statement])).values(),
  ];
}

function statementOf(hole: Hole): VexStatement {
  const { record, component, state } = hole;
  const base = {
    vulnerability: {
      name: record.id,
      ...(record.aliases.length === 0 ? {} : { aliases: record.aliases }),
    },
    products: [productOf(component)],
  };
  if (state === 'unknown') return { ...base, status: 'under_investigation' };
  if (isOutOfReach(hole)) {
    return {
      ...base,
      status: 'not_affected',
      justification: 'vulnerable_code_not_in_execute_path',
      impact_statement: reasonOf(hole),
    };
  }
  return { ...base, status: 'affected', action_statement: remedyOf(hole) };
}

/** Only for programs: it is not known how a project uses its libraries. */
function isOutOfReach({ reach, component }: Hole): boolean {
  return reach === 'none' && component.origin.kind === 'program';
}

function reasonOf({ record }: Hole): string {
  const { notReachedBecause, when } = record.database_specific.tarwarden;
  return notReachedBecause ?? `reached only ${when ?? 'elsewhere'}`;
}

function productOf({ ecosystem, name, version, origin }: Component): Product {
  const own = purl(ecosystem, name, version);
  if (origin.kind !== 'program' || origin.itself || !(origin.program in PROGRAMS))
    return { '@id': own };
  const [managerEcosystem, called] = PROGRAMS[origin.program]!;
  return {
    '@id': purl(managerEcosystem, called, origin.programVersion),
    subcomponents: [{ '@id': own }],
  };
}

/** Programs that bundle libraries, with their packages. */
const PROGRAMS: Readonly<Record<string, readonly [OsvEcosystem, string]>> = {
  npm: ['npm', 'npm'],
  pnpm: ['npm', 'pnpm'],
  yarn: ['npm', 'yarn'],
  bun: ['npm', 'bun'],
};

const TYPES: Readonly<Record<OsvEcosystem, string>> = {
  npm: 'npm',
  PyPI: 'pypi',
  RubyGems: 'gem',
  Go: 'golang',
  cpython: 'generic',
};

function purl(ecosystem: OsvEcosystem, name: string, version: string): string {
  const called = ecosystem === 'cpython' ? 'python' : name;
  return packageUrl(TYPES[ecosystem], called, version);
}
