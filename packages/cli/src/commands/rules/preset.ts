import { rules, type Format, type RuleId } from '@tarwarden/core';
import { knownAs, presetLevels, type RaisedLevel } from '@tarwarden/core/report';
import { SURVEYS, type FoundIn } from './preset-counts.ts';

/** The change that a preset makes to one rule, for one format of archives. */
export interface PresetRow extends RaisedLevel {
  /** In how many real archives the rule found something. Null if that was not counted. */
  readonly counted: { readonly found: number; readonly of: number } | null;
}

export interface PresetRuleRows {
  readonly rule: RuleId;
  readonly summary: string;
  readonly level: 'error';
  readonly archives: readonly PresetRow[];
}

/** The rules of a preset with the counts of the surveys. */
export function presetTable(pinned: string): readonly PresetRuleRows[] {
  return presetLevels(pinned).map(({ rule, raised }) => ({
    rule,
    summary: rules[rule].summary,
    level: 'error',
    archives: raised.map((row) => ({ ...row, counted: countedIn(row.format, rule) })),
  }));
}

function countedIn(format: Format, rule: RuleId): PresetRow['counted'] {
  const survey = SURVEYS.find((known) => known.format === format);
  if (survey === undefined) return null;
  const count: FoundIn | undefined = Object.hasOwn(survey.apart, rule)
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
  return sorted.map(text).join(', ');
}

function archivesOf(format: Format): string {
  return format === 'npm' ? 'tarballs of npm' : knownAs(format);
}
