import { rejects } from '../finding/rejects.ts';
import { claimedPackage } from '../policy/exceptions.ts';
import { parseIdentity } from '../policy/package-identity.ts';
import type { Exception } from '../policy/policy.ts';
import { escapedJson } from '../text/escaped-json.ts';
import { ecosystemOf, type Ecosystem } from '../finding/format.ts';
import type { Finding, Verdict } from '../finding/verdict.ts';

/** The fields of an exception that a person writes. */
type WrittenByPerson = Pick<Exception, 'reason' | 'expires'>;

/**
 * The package that an exception for this verdict has to name: the subject if it is `name@version`, else the identity that the archive
 * claims. Undefined if neither exists.
 */
export function packageToAllow(subject: string, verdict: Verdict): string | undefined {
  const ecosystem = ecosystemOf[verdict.format];
  return [subject, claimedPackage(verdict)].find((text) => isFromRegistry(text, ecosystem));
}

/** Whether the text is `name@version`. A version with a colon names a source instead (`npm:1.0.0`, `file:x`). */
function isFromRegistry(text: string | undefined, ecosystem: Ecosystem): boolean {
  return text !== undefined && !text.includes(':') && parseIdentity(text, ecosystem) !== undefined;
}

/** A rejected archive that a user wants to allow. */
export interface Rejected {
  /** `name@version` under which it is asked for. */
  readonly package: string;
  readonly sha512: string;
  readonly findings: readonly Pick<Finding, 'rule' | 'code' | 'level' | 'entry' | 'excepted'>[];
}

/** The narrowest exceptions that let an archive pass, one for each of its rejecting findings. */
export function exceptionsFor(archive: Rejected, terms: WrittenByPerson): readonly Exception[] {
  const exceptions = archive.findings.filter(rejects).map(({ rule, entry }) => ({
    package: archive.package,
    rule,
    ...(entry === undefined ? {} : { entry }),
    sha512: archive.sha512,
    reason: terms.reason,
    expires: terms.expires,
  }));
  // Several findings of one rule in one entry need only one exception.
  return [
    ...new Map(exceptions.map((exception) => [JSON.stringify(exception), exception])).values(),
  ];
}

/**
 * The exceptions that let an archive pass, each as JSON for a policy file, on one line. A person has to fill in the reason and the
 * date: the policy file is not valid before. Empty if no exception could match.
 */
export function exceptionHints(subject: string, verdict: Verdict): readonly string[] {
  const name = packageToAllow(subject, verdict);
  if (name === undefined) return [];
  const { archive } = verdict;
  // If the repository proposes an exception, the user approves it instead of writing another one.
  const findings = verdict.findings.filter(({ proposed }) => proposed === undefined);
  const rejected = { package: name, sha512: archive.sha512, findings };
  return exceptionsFor(rejected, { reason: '', expires: 'YYYY-MM-DD' }).map(escapedJson);
}
