import { rules, type Format, type Level, type RuleId } from '@tarwarden/core';
import { formats } from '@tarwarden/core/formats';
import { isRaised, levelIn, presetRules } from '@tarwarden/core/policy';
import { knownAs } from '@tarwarden/core/report';
import { SURVEYS, type Count } from './preset-counts.ts';

/** What a preset does to one rule, for one format of archives. */
export interface PresetRow {
  readonly format: Format;
  /** The level without the preset. */
  readonly default: Exclude<Level, 'error'>;
  /** In how many real archives the rule found something. Null if that was not counted. */
  readonly counted: { readonly found: number; readonly of: number } | null;
}

export interface PresetRuleRows {
  readonly rule: RuleId;
  readonly summary: string;
  readonly level: 'error';
  readonly archives: readonly PresetRow[];
}

/** The rules of a preset in its order, each with the formats for which it is another level without the preset. */
export function presetTable(pinned: string): readonly PresetRuleRows[] {
  return presetRules(pinned).map(({ rule }) => ({
    rule,
    summary: rules[rule].summary,
    level: 'error',
    archives: formats.flatMap((format): PresetRow[] => {
      if (!format.rules.some(({ id }) => id === rule) || !isRaised(pinned, rule, format.id))
        return [];
      const level = levelIn(format.ecosystem, rules[rule], format.id);
      // A zip of Yarn's cache is made of a tarball that was counted.
      if (level === 'error' || (format.id === 'yarn-zip' && appliesToTarballs(rule))) return [];
      return [{ format: format.id, default: level, counted: countedIn(format.id, rule) }];
    }),
  }));
}

function appliesToTarballs(rule: RuleId): boolean {
  return formats.some(({ id, rules: all }) => id === 'npm' && all.some((own) => own.id === rule));
}

function countedIn(format: Format, rule: RuleId): PresetRow['counted'] {
  const survey = SURVEYS.find((known) => known.format === format);
  if (survey === undefined) return null;
  const count: Count | undefined = Object.hasOwn(survey.apart, rule)
    ? survey.apart[rule]
    : [survey.found[rule] ?? 0, survey.archives];
  return count === undefined ? null : { found: count[0], of: count[1] };
}

/** The level without the preset: for all archives, or for each kind. */
export function defaultsText(archives: readonly PresetRow[]): string {
  const levels = [...new Set(archives.map((row) => row.default))];
  const [only] = levels;
  if (levels.length === 1) return `a ${only}`;
  return levels
    .map((level) => {
      const kinds = archives.filter((row) => row.default === level);
      return `a ${level} for ${kinds.map(({ format }) => archivesOf(format)).join(', ')}`;
    })
    .join(', ');
}

/** How many real archives have it: the kinds in which it was found, then those in which it was not. */
export function countsText(archives: readonly PresetRow[]): string {
  const text = ({ format, counted }: PresetRow): string =>
    counted === null
      ? `not counted in ${archivesOf(format)}`
      : `${counted.found.toLocaleString('en-US')} of ${counted.of.toLocaleString('en-US')} ${archivesOf(format)}`;
  const sorted = archives.toSorted(
    (left, right) => (right.counted?.found ?? -1) - (left.counted?.found ?? -1),
  );
  return `in ${sorted.map(text).join(', ')}`.replace(/^in not/, 'not');
}

function archivesOf(format: Format): string {
  return format === 'npm' ? 'tarballs of npm' : knownAs(format);
}
