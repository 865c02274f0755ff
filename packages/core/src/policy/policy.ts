import { type Limits, DEFAULT_LIMITS } from '../limits.ts';
import type { RuleId } from '../catalogue/index.ts';
import type { AppliedPreset, Approver, Level } from '../finding/verdict.ts';
import type { LinksPolicy } from '../rules/rule.ts';

/** Lets one archive pass in spite of a finding, up to a date. It names the exact bytes. */
export interface Exception {
  /** `name@version`, compared whole and byte for byte. */
  readonly package: string;
  readonly rule: RuleId;
  /** Entry path as the archive spells it. Absent: every finding of the rule in this archive. */
  readonly entry?: string;
  /** SHA-512 of the compressed archive, lower-case hex. */
  readonly sha512: string;
  readonly reason: string;
  /** Last day of the exception, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
}

/** Accepts one commit of one git repository that `tarwarden audit` cannot inspect. Guards do not read it: they inspect what the client packs. */
export interface GitDependency {
  /** The name of the package, with `pypi:`, `gem:` or `go:` before it if it is not one of npm's. Compared whole. */
  readonly package: string;
  /** The repository and the whole id of the commit, as the audit prints them. Compared byte for byte. */
  readonly resolved: string;
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
}

/** An exception that is in force. */
export interface HeldException extends Exception {
  /** Absent if the user approved it. */
  readonly approvedBy?: Approver;
}

/** A preset that a policy file sets, without the rules for which the same file gives other levels. */
export interface HeldPreset extends AppliedPreset {
  readonly except?: readonly RuleId[];
}

/** The policy that weighs the findings. Plain data: no function, no pattern. */
export interface Policy {
  /**
   * With `report`, a rejected archive is reported and still installed. The verdict does not change, but the guard's record of the
   * run does.
   */
  readonly mode?: 'report';
  /** Levels that differ from the rules' own. */
  readonly levels: Readonly<Partial<Record<RuleId, Level | 'off'>>>;
  /** Presets of the policy files. Each can make an error of a finding, and none lowers a level. */
  readonly presets?: readonly HeldPreset[];
  readonly links: LinksPolicy;
  readonly limits: Limits;
  readonly exceptions: readonly HeldException[];
  /** The contact for questions about a refusal: an address or a sentence, as the policy file has it. */
  readonly contact?: string;
  /** Exceptions of the repository that the user has not approved. They have no effect, but a refusal names them. */
  readonly proposals?: readonly Exception[];
  /** Exceptions that end before this day have expired. `YYYY-MM-DD`, UTC. Given by the caller, so that inspection stays pure. */
  readonly today: string;
}

export const DEFAULT_POLICY: Policy = {
  levels: {},
  links: 'reject',
  limits: DEFAULT_LIMITS,
  exceptions: [],
  today: '9999-12-31',
};

/**
 * The policy for the archive of a source repository, which a client unpacks to a folder and packs again. Links inside the archive are
 * usual. Exceptions do not hold, because they are meant for packages, and here a file could be written through the link.
 */
export function repositoryPolicy(policy: Policy): Policy {
  const { proposals, presets, ...otherFields } = policy;
  void proposals;
  // A preset is about packages. The client packs this one again, and that archive is inspected under the preset.
  void presets;
  return { ...otherFields, links: 'contained', exceptions: [] };
}

/**
 * Adds exceptions for a zip that Yarn made of a tarball: each exception for the tarball holds for the zip too, so that the user does
 * not have to accept the same link twice. Only the first folder of the path differs.
 *
 * @param zip The zip's SHA-512 (hex), the paths of its entries, and the SHA-512 of the tarball.
 */
export function withInherited(
  policy: Policy,
  zip: { readonly sha512: string; readonly spelled: readonly string[]; readonly from: string },
): Policy {
  const tarballExceptions = policy.exceptions.filter((exception) => exception.sha512 === zip.from);
  if (tarballExceptions.length === 0) return policy;
  const top = zip.spelled
    .map((path) => /^node_modules\/(?:@[^/]+\/)?[^/@][^/]*\//.exec(path)?.[0])
    .find((folder) => folder !== undefined);
  const moved = tarballExceptions.map((exception) => {
    const { entry } = exception;
    if (entry === undefined) return { ...exception, sha512: zip.sha512 };
    const inside = entry.slice(entry.indexOf('/') + 1);
    return { ...exception, sha512: zip.sha512, entry: `${top ?? ''}${inside}` };
  });
  return { ...policy, exceptions: [...policy.exceptions, ...moved] };
}
