import { claimedPackage } from '../policy/exceptions.ts';
import { parseIdentity } from '../policy/package-identity.ts';
import { escapedJson } from '../text/escaped-json.ts';
import { rejects } from './finding.ts';
import type { Finding, Verdict } from '../finding/verdict.ts';

/**
 * The package an exception for this verdict has to name: the subject where it is `name@version`, else what the
 * archive claims; undefined where neither says so.
 */
function packageOf(subject: string, verdict: Verdict): string | undefined {
  return [subject, claimedPackage(verdict)].find(isFromRegistry);
}

/** With a colon it is no version, but where to get one (`npm:1.0.0`, `file:x`). */
function isFromRegistry(text: string | undefined): boolean {
  return text !== undefined && !text.includes(':') && parseIdentity(text) !== undefined;
}

/**
 * The exception that would let the first rejecting finding pass, as JSON for a policy file, on one line. Its reason and
 * date are left for a person to fill in, and no policy file is valid before. Undefined where none could match.
 */
export function exceptionHint(subject: string, verdict: Verdict): string | undefined {
  const finding: Finding | undefined = verdict.findings.find(rejects);
  const name = packageOf(subject, verdict);
  if (finding === undefined || name === undefined) return undefined;
  return escapedJson({
    package: name,
    rule: finding.rule,
    ...(finding.entry === undefined ? {} : { entry: finding.entry }),
    sha512: verdict.archive.sha512,
    reason: '',
    expires: 'YYYY-MM-DD',
  });
}
