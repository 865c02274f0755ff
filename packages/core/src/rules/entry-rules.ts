/** Rules that differ by a constant. */
import { Trait, type Entry } from '../containers/entry.ts';
import { quote } from '../text/printable.ts';
import type { EntryRule, RuleText } from './rule.ts';

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

/** A rule against one type of link, where the policy allows none. */
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
