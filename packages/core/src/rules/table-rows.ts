/** Rows for the table of a family: rules that a reader reports, and rules that differ by a constant. */
import { Trait, type Entry } from '../containers/entry.ts';
import type { Code } from '../finding/rule-id.ts';
import { quote } from '../text/printable.ts';
import type { Advice, AdviceTexts, EntryRule, MetadataRule, ReaderRule, RuleText } from './rule.ts';

/** The code of a row. */
export function codeOf({ id, code }: Pick<RuleText, 'id' | 'code'>): Code {
  return code ?? (id as Code);
}

/** The advice for users, and for publishers if there are any. */
export function advice(
  forUsers: string,
  forPublishers?: string,
  elsewhere?: Advice['elsewhere'],
): Advice {
  const texts: AdviceTexts = { forUsers, ...(forPublishers !== undefined && { forPublishers }) };
  return elsewhere === undefined ? texts : { ...texts, elsewhere };
}

/** The texts of one problem of a rule. `overrides` has those that differ from the other problems of the rule. */
export type ProblemText = (
  code: Code,
  summary: string,
  overrides?: Pick<RuleText, 'stopsReading'> & Partial<Pick<RuleText, 'advice'>>,
) => RuleText;

/** A rule that is about several problems. Returns a function for the texts of each of them. */
export function withCodes(rule: RuleText): ProblemText {
  return (code, summary, overrides) => ({ ...rule, shared: rule, code, summary, ...overrides });
}

/** Reading stops at such a problem. */
export const STOPS = { stopsReading: true } as const;

/**
 * The rows of a rule about several problems that readers report. `problems` has the summary of each, by its code, and `stopsAt` the
 * codes at which reading stops.
 */
export function readerRules({
  problems,
  stopsAt = [],
  ...rule
}: RuleText & {
  readonly problems: Readonly<Partial<Record<Code, string>>>;
  readonly stopsAt?: readonly Code[];
}): readonly ReaderRule[] {
  const problem = withCodes(rule);
  return (Object.entries(problems) as [Code, string][]).map(([code, summary]) =>
    problem(code, summary, stopsAt.includes(code) ? STOPS : undefined),
  );
}

/** Rules that compare the archive with the words of an index or a lockfile. */
export function claimRules(rows: readonly ReaderRule[]): readonly ReaderRule[] {
  return rows.map((row) => ({ ...row, needsClaim: true }));
}

/** Rules that check the metadata of a package. */
export function metadataRules<M>(
  rows: readonly Omit<MetadataRule<M>, 'kind'>[],
): readonly MetadataRule<M>[] {
  return rows.map((row) => ({ ...row, kind: 'metadata' }));
}

/** A rule against every path with a trait. */
export function pathRule(traits: number, text: RuleText): EntryRule {
  return { ...text, kind: 'entry', traits, check: (entry) => quote(entry.path) };
}

/** A rule against one type of entry. */
export function typeRule(typeflag: number, text: RuleText): EntryRule {
  return {
    ...text,
    kind: 'entry',
    traits: Trait.SpecialType,
    field: 'typeflag',
    check: (entry) => (entry.typeflag === typeflag ? typeflagText(entry) : undefined),
  };
}

/** A rule against one type of link, for policies that allow no links. */
export function linkRule(typeflag: number, text: RuleText): EntryRule {
  return {
    ...text,
    kind: 'entry',
    traits: Trait.SpecialType,
    field: 'typeflag',
    check: (entry, context) =>
      context.links === 'reject' && entry.typeflag === typeflag
        ? `it points to ${quote(entry.linkpath)}`
        : undefined,
  };
}

export function typeflagText({ typeflag }: Entry): string {
  return `typeflag ${quote(String.fromCharCode(typeflag))}`;
}
