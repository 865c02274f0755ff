import { claimedPackage } from '../policy/exceptions.ts';
import { parseIdentity } from '../policy/package-identity.ts';
import type { Exception } from '../policy/policy.ts';
import { escapedJson } from '../text/escaped-json.ts';
import { rejects } from './finding.ts';
import { ecosystemOf, type Ecosystem } from '../finding/format.ts';
import type { Finding, Verdict } from '../finding/verdict.ts';

/** What a person has to say of an exception. */
type Said = Pick<Exception, 'reason' | 'expires'>;

/**
 * The package an exception for this verdict has to name: the subject where it is `name@version`, else what the
 * archive claims; undefined where neither says so.
 */
export function packageToAllow(subject: string, verdict: Verdict): string | undefined {
  const ecosystem = ecosystemOf[verdict.format];
  return [subject, claimedPackage(verdict)].find((text) => isFromRegistry(text, ecosystem));
}

/** With a colon it is no version, but where to get one (`npm:1.0.0`, `file:x`). */
function isFromRegistry(text: string | undefined, ecosystem: Ecosystem): boolean {
  return text !== undefined && !text.includes(':') && parseIdentity(text, ecosystem) !== undefined;
}

/** What was found in an archive that is to be allowed. */
export interface Rejected {
  /** `name@version` that it is asked for as. */
  readonly package: string;
  readonly sha512: string;
  readonly findings: readonly Pick<Finding, 'rule' | 'level' | 'entry' | 'excepted'>[];
}

/** The narrowest exceptions that let an archive pass, one for each of its rejecting findings. */
export function exceptionsFor(archive: Rejected, said: Said): readonly Exception[] {
  const all = archive.findings.filter(rejects).map(({ rule, entry }) => ({
    package: archive.package,
    rule,
    ...(entry === undefined ? {} : { entry }),
    sha512: archive.sha512,
    reason: said.reason,
    expires: said.expires,
  }));
  // Several findings of one entry need one.
  return [...new Map(all.map((exception) => [JSON.stringify(exception), exception])).values()];
}

/**
 * The exception that would let the first rejecting finding pass, as JSON for a policy file, on one line. Its reason and
 * date are left for a person to fill in, and no policy file is valid before. Undefined where none could match.
 */
export function exceptionHint(subject: string, verdict: Verdict): string | undefined {
  const name = packageToAllow(subject, verdict);
  if (name === undefined) return undefined;
  const { archive } = verdict;
  // Where the repository proposes an exception, it is to be approved and not written once more.
  const findings = verdict.findings.filter(({ proposed }) => proposed === undefined);
  const rejected = { package: name, sha512: archive.sha512, findings };
  const [first] = exceptionsFor(rejected, { reason: '', expires: 'YYYY-MM-DD' });
  return first === undefined ? undefined : escapedJson(first);
}
