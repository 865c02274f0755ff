/** The table of docs/presets.md, which `pnpm rules` writes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  countsText,
  defaultsText,
  presetTable,
} from '../../packages/cli/src/commands/rules/preset.ts';

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
