/** Verdicts on archives together with the words of a registry or a lockfile. */
import { DEFAULT_POLICY, inspect, type Finding } from '@tarwarden/core';
import {
  documentClaim,
  lockedClaim,
  pnpmLockedClaim,
  type NpmClaim,
} from '@tarwarden/core/metadata';
import { weighClaims } from '@tarwarden/core/policy';
import { tgz } from './pkg.ts';

type Fields = Readonly<Record<string, unknown>>;

const EXPECTED = { name: 'fixture', version: '1.0.0' };

export interface Words {
  /** Fields of the package.json in the archive. */
  readonly archive?: Fields;
  readonly files?: Readonly<Record<string, string>>;
  /** Fields of the registry's whole document. */
  readonly document?: Fields;
  /** Another claim, in place of the document. */
  readonly claim?: NpmClaim;
}

/** The status and the findings about words, for a package `fixture@1.0.0`. */
export function spoken({ archive = {}, files = {}, document = {}, claim }: Words): {
  readonly status: string;
  readonly findings: readonly Finding[];
} {
  const verdict = inspect(tgz({ manifest: archive, files }), { expected: EXPECTED });
  const claims = [claim ?? whole(document)];
  const weighed = weighClaims(verdict, claims, { policy: DEFAULT_POLICY, expected: EXPECTED });
  const findings = weighed.findings.slice(verdict.findings.length);
  return { status: weighed.status, findings };
}

/** The findings about words, as `level code`. */
export function rulesOf(words: Words): readonly string[] {
  return spoken(words).findings.map(({ level, rule, code = rule }) => `${level} ${code}`);
}

function whole(document: Fields): NpmClaim {
  return documentClaim({ ...EXPECTED, description: 'A package.', ...document }, false);
}

/** A short document of a registry, which `tells` for other packages that they have install scripts. */
export const short = (document: Fields, tells = false): NpmClaim =>
  documentClaim({ ...EXPECTED, ...document }, tells);

export const locked = (entry: Fields, showsScripts = false): NpmClaim =>
  lockedClaim(entry, showsScripts);

export const pnpmLocked = (entry: Fields, isWhole = true): NpmClaim =>
  pnpmLockedClaim(entry, isWhole);
