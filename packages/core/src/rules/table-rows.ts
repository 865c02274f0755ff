/** Rows for the table of a family: rules that a reader reports, and rules that differ by a constant. */
import { Trait, type Entry } from '../containers/entry.ts';
import { quote } from '../text/printable.ts';
import type { EntryRule, ReaderRule, RuleText } from './rule.ts';

/** A rule that readers report. `seenBy` has these source files, below `packages/core/src`. */
export function readerRule(seenBy: readonly string[], text: RuleText): ReaderRule {
  return { kind: 'reader', seenBy, ...text };
}

/** A rule that compares the archive with the words of an index or a lockfile. */
export function claimRule(seenBy: readonly string[], text: RuleText): ReaderRule {
  return readerRule(seenBy, { ...text, needsClaim: true });
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
    check: (entry) => (entry.typeflag === typeflag ? typeflagOf(entry) : undefined),
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

function typeflagOf({ typeflag }: Entry): string {
  return `typeflag ${quote(String.fromCharCode(typeflag))}`;
}
