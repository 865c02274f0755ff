import { claimedPackage } from '@tarwarden/core/policy';
import { redactUrl } from '@tarwarden/core/text';
import type { Verdict } from '@tarwarden/core';

/** What is inspected, in words. All text is as it came: hostile. */
export interface Subject {
  /** `name@version`, a locator, a spec; absent where only the archive itself says what it is. */
  readonly label?: string | undefined;
  /** Where the bytes came from: a URL or a path. */
  readonly source?: string | undefined;
}

/** What a subject is called, escaped for a terminal and without credentials. */
export function nameOf({ label, source }: Subject, verdict?: Verdict): string {
  const claimed = verdict === undefined ? undefined : claimedPackage(verdict);
  return redactUrl(label ?? claimed ?? source ?? 'an archive');
}
