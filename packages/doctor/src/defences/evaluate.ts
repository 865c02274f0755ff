/* Evaluates a row of the table with the settings files and variables of a manager. */
import {
  downTo,
  kebab,
  type SettingsLayer,
  lookUp,
  lookUpAll,
  PNPM_WITH_YAML,
  type Setting,
  type SettingOrigin,
} from '@tarwarden/settings';
import { gte, lt, major } from 'semver';
import type { Defence, SwitchOn } from './defence.ts';
import { fileFor, KNOWN_MAJORS, type DefenceRow, type Undoing, type WantedValue } from './table.ts';

/** Characters of a value that are kept. */
const VALUE_CHARS = 200;
/** Items of a list that are read. A longer list is unknown. */
const ITEMS_MAX = 10_000;

export type DefenceFinding = Pick<Defence, 'state' | 'value' | 'source' | 'reason' | 'switchOn'>;

/** Undefined if the setting does not matter in this version. */
export function evaluate(
  row: DefenceRow,
  version: string,
  layers: readonly SettingsLayer[],
): DefenceFinding | undefined {
  if (row.until !== undefined && gte(version, row.until)) return undefined;
  if (row.decidesFrom !== undefined && lt(version, row.decidesFrom)) return undefined;
  if (row.since !== undefined && lt(version, row.since)) return notThere(row.since);
  const inForce = weigh(row, version, layers);
  if (inForce.state !== 'on') return withLine(row, version, inForce);
  return undone(row, version, layers) ?? { ...inForce, switchOn: undefined };
}

function notThere(since: string): DefenceFinding {
  return {
    state: 'unavailable',
    value: undefined,
    source: undefined,
    reason: since,
    switchOn: undefined,
  };
}

type StateFinding = Omit<DefenceFinding, 'switchOn'>;

function weigh(row: DefenceRow, version: string, layers: readonly SettingsLayer[]): StateFinding {
  if (row.wanted.is === 'narrow-list') return weighList(row, version, layers);
  const found = lookUp(layers, row.setting);
  if (found === undefined) return byDefault(row, version);
  if (found.unknown !== undefined) return unknown(found);
  const state = stateOf(row.wanted, found.value);
  const value = valueText(found.value);
  const reason = state === 'unknown' ? 'it is not known what this value does' : undefined;
  return { state, value, source: found.origin, reason };
}

/** Yarn joins the lists of all files, so one list that allows everything is enough. */
function weighList(
  row: DefenceRow,
  version: string,
  layers: readonly SettingsLayer[],
): StateFinding {
  const all = lookUpAll(layers, row.setting);
  if (all.length === 0) return byDefault(row, version);
  const weighed = all.map((found): StateFinding => {
    if (found.unknown !== undefined) return unknown(found);
    const patterns = patternsOf(found.value);
    const state = listState(patterns);
    const reason =
      state === 'unknown' ? 'it is not a list of patterns that is understood' : undefined;
    return { state, value: valueText(found.value), source: found.origin, reason };
  });
  const worst = (['off', 'unknown', 'on'] as const).flatMap((state) =>
    weighed.filter((finding) => finding.state === state),
  );
  return worst[0]!;
}

function listState(patterns: readonly string[] | undefined): 'on' | 'off' | 'unknown' {
  if (patterns === undefined) return 'unknown';
  if (patterns.some(isOpen)) return 'off';
  return patterns.some(isOdd) ? 'unknown' : 'on';
}

function unknown({ origin: source, unknown: reason }: Setting): StateFinding {
  return { state: 'unknown', value: undefined, source, reason };
}

function byDefault({ manager, defaults, wanted }: DefenceRow, version: string): StateFinding {
  const last = defaults.findLast(([from]) => gte(version, from))?.[1] ?? null;
  const state = wanted.is === 'narrow-list' ? 'on' : stateOf(wanted, last);
  const value = last === null || last === '' ? undefined : String(last);
  const source = { kind: 'default' } as const;
  if (state === 'on' && major(version) > KNOWN_MAJORS[manager])
    return { state: 'unknown', value: undefined, source, reason: 'its defaults are not known' };
  return { state, value, source, reason: undefined };
}

function stateOf(wanted: WantedValue, value: unknown): 'on' | 'off' | 'unknown' {
  // npm's parser turns some texts of its files into values.
  const text = value === null || value === undefined ? '' : plain(value);
  if (text === undefined) return 'unknown';
  switch (wanted.is) {
    case 'true':
      return text === 'true' ? 'on' : /^(?:false|)$/.test(text) ? 'off' : 'unknown';
    case 'false':
      return text === 'false' ? 'on' : text === 'true' ? 'off' : 'unknown';
    case 'number':
      return ageState(/^(\d+(?:\.\d+)?)$/.exec(text)?.[1], text);
    case 'duration':
      return ageState(/^(\d+(?:\.\d+)?)(?:ms|[smhdw])?$/.exec(text)?.[1], text);
    case 'one':
      return wanted.of.includes(text) ? 'on' : wanted.not.includes(text) ? 'off' : 'unknown';
    case 'narrow-list':
      return 'unknown';
  }
}

function ageState(number: string | undefined, text: string): 'on' | 'off' | 'unknown' {
  if (number !== undefined) return Number(number) > 0 ? 'on' : 'off';
  return text === '' || text === 'null' ? 'off' : 'unknown';
}

function plain(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** Nested values have no text: by aliases, YAML could be endless when it is written out. */
function valueText(value: unknown): string | undefined {
  const text = plain(value);
  if (text !== undefined) return text.slice(0, VALUE_CHARS);
  const patterns = patternsOf(value);
  return patterns === undefined ? undefined : patterns.join(', ').slice(0, VALUE_CHARS);
}

function patternsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((word) => word !== '');
  if (!Array.isArray(value) || value.length > ITEMS_MAX) return undefined;
  const list: readonly unknown[] = value;
  return list.every((item) => typeof item === 'string') ? list : undefined;
}

function undone(
  row: DefenceRow,
  version: string,
  layers: readonly SettingsLayer[],
): DefenceFinding | undefined {
  for (const undoing of row.undoneBy ?? []) {
    if (undoing.since !== undefined && lt(version, undoing.since)) continue;
    const near = undoing.when === 'set-nearer' ? downTo(layers, row.setting) : layers;
    const found = lookUp(near, undoing.setting);
    if (found === undefined) continue;
    const state = found.unknown !== undefined ? 'unknown' : effectOf(undoing, found.value);
    if (state === undefined) continue;
    const { origin: source } = found;
    const reason = reasonOf(undoing, state, found);
    const first = `take ${what(undoing, found)} out of ${sourceText(source)}`;
    const value = valueText(found.value);
    return { state, value, source, reason, switchOn: { ...lineOf(row, version), first } };
  }
  return undefined;
}

function reasonOf({ setting }: Undoing, state: 'off' | 'unknown', found: Setting): string {
  if (found.unknown !== undefined) return `${setting}: ${found.unknown}`;
  return state === 'off'
    ? `${setting} undoes it`
    : `it is not known what the patterns of ${setting} leave of it`;
}

function what({ setting, when }: Undoing, found: Setting): string {
  if (when !== 'open-list') return setting;
  const open = patternsOf(found.value)?.find((pattern) => isOpen(pattern) || isOdd(pattern));
  return open === undefined ? setting : `${open} of ${setting}`;
}

/** The effect of the other setting on this one. A value that is not understood counts as the worst. */
function effectOf({ when }: Undoing, value: unknown): 'off' | 'unknown' | undefined {
  if (value === null || value === undefined) return undefined;
  if (when === 'set') return 'off';
  if (when === 'set-nearer') return /^(?:null)?$/.test(plain(value) ?? '') ? undefined : 'off';
  if (when === 'true') return plain(value) === 'false' ? undefined : 'off';
  if (when === 'false') return plain(value) === 'true' ? undefined : 'off';
  const patterns = patternsOf(value);
  if (patterns === undefined || patterns.some(isOpen)) return 'off';
  return patterns.some(isOdd) ? 'unknown' : undefined;
}

export function sourceText(source: SettingOrigin): string {
  if (source.kind === 'file') return source.file;
  if (source.kind === 'option') return `the option ${source.name}`;
  return source.kind === 'variable' ? `the variable ${source.name}` : 'the defaults';
}

function lineOf({ manager, setting, line }: DefenceRow, version: string): SwitchOn {
  if (manager === 'pnpm' && lt(version, PNPM_WITH_YAML))
    return {
      file: '.npmrc',
      line: `${kebab(setting)}=${line.slice(line.indexOf(': ') + 2)}`,
    };
  return { file: fileFor(manager, major(version)), line };
}

function withLine(row: DefenceRow, version: string, weighed: StateFinding): DefenceFinding {
  const { source } = weighed;
  const isVariable = source?.kind === 'variable';
  const first = isVariable ? { first: `take the variable ${source.name} away` } : {};
  return { ...weighed, switchOn: { ...lineOf(row, version), ...first } };
}

/** Whether a pattern stands for everything: `**`, `https://**`. */
function isOpen(pattern: string): boolean {
  return pattern.includes('*') && /^(?:[\w+*]+:\/\/)?[*/@.]*$/.test(pattern);
}

/** Sets and alternatives, which one manager has and another does not. */
const CHOICES = /\[[^\]]*\]|\{[^}]*\}|\([^)]*\)/g;

/** Whether a pattern may stand for nearly everything: it begins with "!", or names nothing beside choices: `?*`, `[!x]*`. */
function isOdd(pattern: string): boolean {
  if (pattern.startsWith('!')) return true;
  const rest = pattern.replace(/^[\w+*]+:\/\//, '').replaceAll(CHOICES, '');
  return /[?[\]{}()]/.test(pattern) && !/\w/.test(rest);
}
