import { problemOf, stopsReading } from '../catalogue/index.ts';
import type { ExpectedPackage } from '../finding/expected.ts';
import { ecosystemOf } from '../finding/format.ts';
import { rejects } from '../finding/rejects.ts';
import type { Finding, Verdict } from '../finding/verdict.ts';
import { formatIdentity } from './package-identity.ts';
import type { HeldException, Policy } from './policy.ts';
import { weigh } from './weigh.ts';

export interface FurtherExceptions {
  /** The policy that made the verdict. */
  readonly policy: Policy;
  readonly exceptions: readonly HeldException[];
  /** The package that the client requested. Without it, the identity that the archive claims counts. */
  readonly expected?: ExpectedPackage | undefined;
}

/** The parts of a verdict that further exceptions are compared with. */
export type Weighable = Pick<Verdict, 'format' | 'findings' | 'omitted' | 'manifest'> & {
  readonly archive: Pick<Verdict['archive'], 'sha512'>;
};

/**
 * The findings of a rejected archive under further exceptions, without another inspection. An exception lifts no finding of an archive
 * that was not read to its end.
 */
export function findingsUnder(
  { format, findings, manifest, archive }: Weighable,
  { policy, exceptions, expected = {} }: FurtherExceptions,
): readonly Finding[] {
  const name = expected.name ?? manifest?.name;
  const version = expected.version ?? manifest?.version;
  const subject = {
    package: formatIdentity(name, version),
    sha512: archive.sha512,
    ecosystem: ecosystemOf[format],
    format,
  };
  const measure = { policy: { ...policy, exceptions }, subject };
  // A finding of another version may have a problem that this version does not know, which counts as unread.
  if (findings.some(stopsReading)) return findings;
  return findings.map((finding) => {
    if (!rejects(finding)) return finding;
    const problem = problemOf(finding);
    const weight = problem && weigh(problem, finding.entry, measure);
    if (weight?.excepted === undefined || weight.exception === undefined) return finding;
    const { proposed, ...rest } = finding;
    void proposed;
    return { ...rest, excepted: weight.excepted, exception: weight.exception };
  });
}

/** The verdict under further exceptions. Findings that the verdict counts and does not list still reject. */
export function weighAgain(verdict: Verdict, further: FurtherExceptions): Verdict {
  if (verdict.status === 'accept' || !verdict.findings.some(rejects)) return verdict;
  const findings = findingsUnder(verdict, further);
  const isLifted = verdict.omitted === 0 && !findings.some(rejects);
  return isLifted ? { ...verdict, status: 'accept', findings } : verdict;
}
