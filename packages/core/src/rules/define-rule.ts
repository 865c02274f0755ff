import type { Entry } from '../archive/entry.ts';
import type { Contents } from '../package/contents.ts';
import type { LinksPolicy } from '../policy/policy.ts';
import type { Level } from '../verdict/verdict.ts';

/** What a rule may know besides the archive. */
export interface RuleContext {
  readonly links: LinksPolicy;
  /** Identity under which the package was asked for, where the manager knows it. */
  readonly expected: { readonly name?: string; readonly version?: string };
}

/** What a rule of the whole package tells: details in words, and the entry that shows it. */
export type Tell = (detail: string, entry?: Entry) => void;

/** What every rule says of itself. */
export interface RuleInfo<Id extends string = string> {
  /** Kebab-case, names the problem, never reused. `docs/rules/<id>.md` describes it. */
  readonly id: Id;
  /** Level where the policy says nothing else. */
  readonly level: Level;
  /** What is wrong, as a sentence without its full stop; starts every message of the rule. */
  readonly summary: string;
  /** What the reader of a message can do. */
  readonly remedy: string;
  /**
   * Reading stops where this is found, so what follows was never judged. No policy lowers such a rule: only an
   * exception for the exact archive lets it pass.
   */
  readonly stopsReading?: true;
}

/**
 * A rule. Where it has neither `entry` nor `package`, it weighs the anomaly of the same name, which a reader
 * or the file set saw.
 */
export interface Rule<Id extends string = string> extends RuleInfo<Id> {
  /** Looks at each entry that has one of `traits`; returns details in words, or undefined where nothing is wrong. */
  readonly entry?: {
    readonly traits: number;
    check(entry: Entry, context: RuleContext): string | undefined;
  };
  /** Looks once at everything that the archive would install. */
  readonly package?: (contents: Contents, tell: Tell, context: RuleContext) => void;
}

/** Defines a rule; the type parameter keeps its id a literal. */
export function defineRule<const Id extends string>(rule: Rule<Id>): Rule<Id> {
  return rule;
}
