import { readFileSync } from 'node:fs';
import { rules, type Format, type Level, type RuleId } from '@tarwarden/core';
import { adviceText, knownAs, presetLevels, type RaisedLevel } from '@tarwarden/core/report';
import { didYouMean, quote, type Style } from '@tarwarden/core/text';
import { styleFor } from '../../colour.ts';
import { type Call, write, UsageError } from '@tarwarden/guard/command-line';
import { PRESET_NAMES, pinnedPreset } from '@tarwarden/core/policy';
import type { definition } from './definition.ts';

/** `tarwarden rules [ID…]`: the catalogue, or the pages of some rules, which are published with the command. */
export async function listRules({
  values,
  operands,
  mainUrl,
}: Call<typeof definition.options>): Promise<number> {
  if (values.preset !== undefined) return listPreset(values.preset, { values, operands });
  const namedIds = operands.map(knownRule);
  const chosen = (namedIds.length === 0 ? (Object.keys(rules) as RuleId[]) : namedIds).map(
    (id) => rules[id],
  );
  if (values.reporter === 'json') {
    const plain = chosen.map(({ id, level, elsewhere, summary, advice }) => ({
      id,
      level,
      ...(elsewhere !== undefined && { elsewhere }),
      summary,
      remedy: adviceText(advice),
      advice,
      ...(namedIds.length > 0 && { page: pageOf(id, mainUrl) }),
    }));
    await write(`${JSON.stringify(plain, null, 2)}\n`);
    return 0;
  }
  const style = styleFor(values.color, process.stdout);
  const paint = (level: Level): string =>
    ({
      error: style.red('error  '),
      warning: style.yellow('warning'),
      note: style.dim('note   '),
    })[level];
  if (namedIds.length === 0) {
    const width = Math.max(...chosen.map(({ id }) => id.length));
    const lines = chosen.map(
      ({ id, level, summary }) =>
        `${paint(level)} ${style.bold(id)}${' '.repeat(width - id.length)}  ${summary}`,
    );
    await write(`${lines.join('\n')}\n`);
    return 0;
  }
  const pages = chosen.map((rule) => {
    const text = readable(pageOf(rule.id, mainUrl), style);
    return `${paint(rule.level)} ${style.bold(rule.id)}\n\n${text}`;
  });
  await write(`${pages.join('\n\n')}\n`);
  return 0;
}

/** The rules of a preset, with the levels that they have without it. */
async function listPreset(
  preset: string,
  { values, operands }: Pick<Call<typeof definition.options>, 'values' | 'operands'>,
): Promise<number> {
  if (operands.length > 0) throw new UsageError('--preset takes no rules', 'rules');
  if (!PRESET_NAMES.includes(preset))
    throw new UsageError(`no preset ${quote(preset)}${didYouMean(preset, PRESET_NAMES)}`, 'rules');
  const name = pinnedPreset(preset);
  const table = presetLevels(name).map(({ rule, raised: archives }) => {
    return { rule, summary: rules[rule].summary, level: 'error', archives };
  });
  if (values.reporter === 'json') {
    await write(`${JSON.stringify({ preset: name, rules: table }, null, 2)}\n`);
    return 0;
  }
  const style = styleFor(values.color, process.stdout);
  const lines = table.flatMap(({ rule, summary, archives }) => [
    `${style.bold(rule)}: ${summary}`,
    `    without the preset: ${defaultsText(archives)}`,
  ]);
  const meaning = preset === name ? '' : `"${preset}" means ${name} in this version of tarwarden. `;
  await write(
    `${meaning}${name} makes errors of ${table.length} rules:\n\n${lines.join('\n')}\n\nTo use it, write { "preset": "${name}" } into tarwarden.json.\n`,
  );
  return 0;
}

/** The level without the preset: for all archives, or for each kind. */
export function defaultsText(archives: readonly RaisedLevel[]): string {
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

export function archivesOf(format: Format): string {
  return format === 'npm' ? 'tarballs of npm' : knownAs(format);
}

function knownRule(id: string): RuleId {
  if (Object.hasOwn(rules, id)) return id as RuleId;
  throw new UsageError(`no rule ${quote(id)}${didYouMean(id, Object.keys(rules))}`, 'rules');
}

/** The Markdown page of a rule. The build puts it beside the main file. */
function pageOf(id: RuleId, mainUrl: string): string {
  return readFileSync(new URL(`./rules/${id}.md`, mainUrl), 'utf8');
}

/** A page for a terminal: without a heading, and with commands in place of links. */
function readable(page: string, style: Style): string {
  return page
    .replaceAll(/\[([^\]]+)\]\(([\w-]+)\.md\)/g, '$2 (tarwarden rules $2)')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/^# .*\n+/, '')
    .replaceAll(/ \*(For [^*\n]+)\* /g, '\n  $1 ')
    .replaceAll(/\*\*([^*\n]+)\*\*/g, (_, text: string) => style.bold(text))
    .trimEnd();
}
