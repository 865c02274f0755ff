/** The table of docs/presets.md, which `pnpm rules` writes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Format, RuleId } from '@tarwarden/core';
import { presetLevels, type RaisedLevel } from '@tarwarden/core/report';
import { archivesOf, defaultsText } from '../../packages/cli/src/commands/rules/run.ts';
import { SURVEYS, type FoundIn } from './preset-counts.ts';

export const presetPage: string = fileURLToPath(new URL('../../docs/presets.md', import.meta.url));

const MARK = /(<!-- preset -->\n)[^]*?(?=<!-- end of the preset -->)/;

/** The page with the table of the preset as the sources have it. */
export function withPresetTable(page: string = readFileSync(presetPage, 'utf8')): string {
  if (!MARK.test(page)) throw new Error('docs/presets.md has no marks for the table');
  const rows = presetTable('strict@1').map(
    ({ rule, archives }) =>
      `| [${rule}](rules/${rule}.md) | ${defaultsText(archives)} | ${countsText(archives)} |\n`,
  );
  const table = `| rule | without the preset | real archives that have it |\n| --- | --- | --- |\n${rows.join('')}`;
  return page.replace(MARK, (_all, mark: string) => `${mark}\n${table}\n`);
}

/** The change that a preset makes to one rule, for one format of archives. */
interface PresetRow extends RaisedLevel {
  /** In how many real archives the rule found something. Null if that was not counted. */
  readonly counted: { readonly found: number; readonly of: number } | null;
}

/** The rules of a preset with the counts of the surveys. */
export function presetTable(
  pinned: string,
): readonly { readonly rule: RuleId; readonly archives: readonly PresetRow[] }[] {
  return presetLevels(pinned).map(({ rule, raised }) => ({
    rule,
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

/** How many real archives have it: the kinds in which it was found, then those in which it was not. */
function countsText(archives: readonly PresetRow[]): string {
  const text = ({ format, counted }: PresetRow): string =>
    counted === null
      ? `not counted in ${archivesOf(format)}`
      : `${counted.found.toLocaleString('en-US')} of ${counted.of.toLocaleString('en-US')} ${archivesOf(format)}`;
  const sorted = archives.toSorted(
    (left, right) => (right.counted?.found ?? -1) - (left.counted?.found ?? -1),
  );
  return sorted.map(text).join(', ');
}
