import type { Entry } from '../containers/entry.ts';
import type { Ecosystem, Format } from '../finding/format.ts';
import type { ExpectedPackage } from '../finding/expected.ts';
import type { Field } from '../finding/location.ts';
import type { RuleId } from '../finding/rule-id.ts';
import type { Level } from '../finding/verdict.ts';
import type { NpmPackage } from '../metadata/npm-package.ts';
import type { PackageTree } from '../tree/tree.ts';

/** `reject`: no link at all. `contained`: a link passes when it resolves inside the package, through no second link outside. */
export type LinksPolicy = 'reject' | 'contained';

/** What a rule may know besides the archive. */
export interface RuleContext {
  readonly links: LinksPolicy;
  /** Some link may pass, so that it has to be followed: by the policy, or since real packages of the format have them. */
  readonly mayLink: boolean;
  /** Identity under which the package was asked for, where the client knows it. */
  readonly expected: ExpectedPackage;
}

/** What to do about a finding, in whole sentences. */
export interface AdviceTexts {
  /** For whoever installs the package. */
  readonly forUsers: string;
  /** For whoever maintains it. Absent where it is no package of anybody: an archive of Yarn's cache. */
  readonly forPublishers?: string;
}

export interface Advice extends AdviceTexts {
  /** Ecosystems, or formats, whose users or publishers have to do something else, each with all that is to be said there. */
  readonly elsewhere?: Readonly<Partial<Record<Ecosystem | Format, AdviceTexts>>>;
}

/** A level that differs from the rule's own. */
export interface OtherLevel {
  readonly level: Level;
  /** Whole sentences. */
  readonly why: string;
}

/** What every rule says of itself. */
export interface RuleText {
  /** Kebab-case, names the problem, never reused. `docs/rules/<id>.md` describes it. */
  readonly id: RuleId;
  /** Level where the policy says nothing else. */
  readonly level: Level;
  /**
   * Ecosystems, or single formats, whose archives are another matter, and why: counted in real archives, and shown on the rule's
   * page. That of a format goes before that of its ecosystem.
   */
  readonly elsewhere?: Readonly<Partial<Record<Ecosystem | Format, OtherLevel>>>;
  /** What is wrong, as a sentence without its full stop; starts every message of the rule. */
  readonly summary: string;
  readonly advice: Advice;
  /**
   * Reading stops where this is found, so what follows was never inspected. No policy lowers such a rule: only an
   * exception for the exact archive lets it pass.
   */
  readonly stopsReading?: true;
}

/** Weighs the anomaly of the same name, which a reader or the file set saw. */
export interface ReaderRule extends RuleText {
  readonly kind: 'reader';
  /** The source files that see it, below `packages/core/src`. */
  readonly seenBy: readonly string[];
}

/** Reports details in words, and the entry that shows them. */
export type ReportFinding = (detail: string, entry?: Entry) => void;

type TreeCheck = (tree: PackageTree, report: ReportFinding, context: RuleContext) => void;

/** Looks at each entry that has one of `traits`. */
export interface EntryRule extends RuleText {
  readonly kind: 'entry';
  readonly traits: number;
  /** Field of the header that shows what is wrong; the name where it is not said. */
  readonly field?: Field;
  /** Details in words, or undefined where nothing is wrong. */
  readonly check: (entry: Entry, context: RuleContext) => string | undefined;
  /** Looks once more when all entries have passed, at what no single entry shows. */
  readonly checkTree?: TreeCheck;
}

/** Looks once at everything that the archive would install. */
export interface TreeRule extends RuleText {
  readonly kind: 'tree';
  readonly check: TreeCheck;
}

/** Looks once at what the package says of itself. */
export interface MetadataRule<M = NpmPackage> extends RuleText {
  readonly kind: 'metadata';
  /** Field of the header of the entry that is reported; the name where it is not said. */
  readonly field?: Field;
  readonly check: (metadata: M, report: ReportFinding, context: RuleContext) => void;
}

/** A rule of a format whose metadata is `M`. */
export type RuleOf<M> = ReaderRule | EntryRule | TreeRule | MetadataRule<M>;

/** Any rule. */
export type Rule = RuleOf<never>;
