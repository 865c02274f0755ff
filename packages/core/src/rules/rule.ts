import type { Entry } from '../containers/entry.ts';
import type { Ecosystem, Format } from '../finding/format.ts';
import type { ExpectedPackage } from '../finding/expected.ts';
import type { Field } from '../finding/location.ts';
import type { Code, RuleId } from '../finding/rule-id.ts';
import type { Level } from '../finding/verdict.ts';
import type { NpmPackage } from '../metadata/npm-package.ts';
import type { PackageTree } from '../tree/tree.ts';

/** `reject`: no link passes. `contained`: a link passes if it, and every link on its way, stays inside the package. */
export type LinksPolicy = 'reject' | 'contained';

/** Facts beside the archive that a rule may use. */
export interface RuleContext {
  readonly links: LinksPolicy;
  /** Whether links may pass and so have to be followed: the policy allows them, or real packages of the format have them. */
  readonly mayLink: boolean;
  /** Identity under which the package was asked for, as far as the client knows it. */
  readonly expected: ExpectedPackage;
}

/** Advice about a finding, in whole sentences. */
export interface AdviceTexts {
  /** For people who install the package. */
  readonly forUsers: string;
  /** For the maintainers of the package. Absent for archives that nobody publishes, such as those of Yarn's cache. */
  readonly forPublishers?: string;
}

export interface Advice extends AdviceTexts {
  /** Complete texts for ecosystems or formats in which users or publishers have to do something else. */
  readonly elsewhere?: Readonly<Partial<Record<Ecosystem | Format, AdviceTexts>>>;
}

/** A level that differs from the rule's own. */
export interface OtherLevel {
  readonly level: Level;
  /** The reason, in whole sentences. */
  readonly reason: string;
}

/** The texts and the level of a rule. A rule that is about several problems has a row for each: the same id, and another code. */
export interface RuleText {
  /** Kebab-case, names the problem, never reused. `docs/rules/<id>.md` describes it. */
  readonly id: RuleId;
  /** The problem. Absent if the rule is about one alone: the code is then the id. */
  readonly code?: Code;
  /** Level, unless the policy sets another one. */
  readonly level: Level;
  /**
   * Other levels for ecosystems or single formats, with the reason, which comes from counting real archives. The page of the rule shows
   * it. The level for a format wins over that for its ecosystem.
   */
  readonly elsewhere?: Readonly<Partial<Record<Ecosystem | Format, OtherLevel>>>;
  /** The problem, as a sentence without full stop. Every message about it begins with it. */
  readonly summary: string;
  /** The texts for all problems of the rule together. Absent if it is about one alone. */
  readonly shared?: RuleText;
  readonly advice: Advice;
  /**
   * Reading stops at such a finding, and the rest of the archive is not inspected. So no policy can lower the level: only an exception
   * for the exact archive lets it pass.
   */
  readonly stopsReading?: true;
  /** The archive alone never breaks the rule: it is compared with the words of an index or a lockfile. */
  readonly needsClaim?: true;
}

/** A rule for the anomaly that has its code, which a reader or the file set reports. */
export interface ReaderRule extends RuleText {
  readonly kind?: undefined;
}

/** Reports details in words, and the entry that shows them. */
export type ReportFinding = (detail: string, entry?: Entry) => void;

type TreeCheck = (tree: PackageTree, report: ReportFinding, context: RuleContext) => void;

/** A rule that checks each entry with one of `traits`. */
export interface EntryRule extends RuleText {
  readonly kind: 'entry';
  readonly traits: number;
  /** Header field with the problem. Without it, the name. */
  readonly field?: Field;
  /** Returns details in words, or undefined if nothing is wrong. */
  readonly check: (entry: Entry, context: RuleContext) => string | undefined;
  /** A second check after the last entry, for problems that no single entry shows. */
  readonly checkTree?: TreeCheck;
}

/** A rule that checks all files of the archive together. */
export interface TreeRule extends RuleText {
  readonly kind: 'tree';
  readonly check: TreeCheck;
}

/** A rule that checks the metadata of the package. */
export interface MetadataRule<M = NpmPackage> extends RuleText {
  readonly kind: 'metadata';
  /** Header field of the reported entry with the problem. Without it, the name. */
  readonly field?: Field;
  readonly check: (metadata: M, report: ReportFinding, context: RuleContext) => void;
}

/** A rule of a format whose metadata is `M`. */
export type RuleOf<M> = ReaderRule | EntryRule | TreeRule | MetadataRule<M>;

/** Any row of a rule. */
export type Rule = RuleOf<never>;
