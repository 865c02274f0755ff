import { claimedPackage, type Claim } from '@tarwarden/core/policy';
import { redactUrl } from '@tarwarden/core/text';
import type { ExpectedPackage, Verdict } from '@tarwarden/core';

/** The words that name an archive. All text is unescaped and may be hostile. */
export interface Subject {
  /** `name@version`, a locator, a spec; absent if only the archive itself contains its name. */
  readonly label?: string | undefined;
  /** The URL or path of the bytes. */
  readonly source?: string | undefined;
  /** The package that a registry promised. Absent for archives from git, from a URL or from a file. */
  readonly expected?: ExpectedPackage | undefined;
  /** Whether the archive comes from an index of the user's own settings, where `NAME@VERSION` looks. */
  readonly isOfOwnIndex?: boolean | undefined;
  /** Whether the client has decoded the response, so that the archive may have lost its compression. */
  readonly isDecodedByClient?: boolean | undefined;
  /** The client is about to upload the archive, and not to install it. */
  readonly isUpload?: boolean | undefined;
  /** The words of the registry or the lockfile that the client used. They are compared with the archive each time. */
  readonly claims?: readonly Claim[] | undefined;
}

/** The display name of an archive, escaped for a terminal and without credentials. */
export function subjectName({ label, source }: Subject, verdict?: Verdict): string {
  const claimed = verdict === undefined ? undefined : claimedPackage(verdict);
  return redactUrl(label ?? claimed ?? source ?? 'an archive');
}
