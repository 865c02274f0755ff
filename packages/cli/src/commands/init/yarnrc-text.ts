/*
 * The lines of a .yarnrc.yml that make Yarn load the plugin, and refuse to run without it. They are recognised by their text.
 * Lines that a user has changed since belong to the user.
 */
import {
  ifSaying,
  withFirstItem,
  withLinesAtEnd,
  withoutLines,
  yamlData,
  type Changed,
  type YamlData,
} from '../../edit/yaml-text.ts';

export const PLUGIN_PATH = '.yarn/plugins/plugin-tarwarden.cjs';

const KEY = 'tarwardenRequired';
const PATH = PLUGIN_PATH.replaceAll('.', '\\.');

/** The state of the guard in a .yarnrc.yml. */
export type Wiring =
  | { readonly state: 'none' }
  /** The lines are as init wrote them. */
  | { readonly state: 'ours'; readonly checksum: string }
  | { readonly state: 'other'; readonly why: string };

export function wiringOf(text: string): Wiring {
  const read = yamlData(text);
  if ('cannot' in read) return { state: 'other', why: read.cannot };
  const names = pluginsIn(read.data).map((plugin) => String(pathOf(plugin)));
  const ours = names.filter((path) => path.split(/[\\/]/).at(-1) === 'plugin-tarwarden.cjs');
  const required = read.data[KEY];
  if (ours.length === 0 && required === undefined) return { state: 'none' };
  const undone = without(text);
  if ('text' in undone) return { state: 'ours', checksum: undone.checksum };
  const why =
    ours.length === 0
      ? `\`${KEY}\` is there without the plugin`
      : required === undefined
        ? `the plugin is there without \`${KEY}: true\``
        : 'the plugin and the setting are there, in lines that init did not write';
  return { state: 'other', why };
}

/** The lines, if the user has to add them. */
export function linesToAdd(checksum: string): string[] {
  return ['plugins:', ...itemOf(checksum).map((line) => `  ${line}`), `${KEY}: true`];
}

/** The text with the lines, if they can be removed again. A file that does not exist yet has no text. */
export function withWiring(text: string | undefined, checksum: string): Changed {
  const wired = wiredText(text, checksum);
  if ('cannot' in wired) return wired;
  const undone = withoutWiring(wired.text);
  if ('text' in undone && undone.text === text) return wired;
  return { cannot: 'its lines could not be taken out again' };
}

function wiredText(text: string | undefined, checksum: string): Changed {
  if (text === undefined) return { text: `${linesToAdd(checksum).join('\n')}\n` };
  // Yarn reads such a file with another parser.
  if (/^(?:#.*\r?\n)*?#\s+yarn\s+lockfile\s+v1\r?\n/i.test(text))
    return { cannot: 'it says that it is a lockfile' };
  const read = yamlData(text);
  if ('cannot' in read) return read;
  const { data } = read;
  const hasList = Object.hasOwn(data, 'plugins');
  const listed = hasList
    ? withFirstItem(text, 'plugins', itemOf(checksum))
    : withLinesAtEnd(text, linesToAdd(checksum).slice(0, -1));
  if ('cannot' in listed) return listed;
  const whole = withLinesAtEnd(listed.text, [`${KEY}: true`]);
  if ('cannot' in whole) return whole;
  return ifSaying(whole.text, {
    ...data,
    plugins: [{ path: PLUGIN_PATH, checksum }, ...pluginsIn(data)],
    [KEY]: 'true',
  });
}

/** The text without the lines. Undefined if nothing else is in the file, and it was made for them. */
export function withoutWiring(
  text: string,
): { readonly text: string | undefined } | { readonly cannot: string } {
  const undone = without(text);
  if ('cannot' in undone) return undone;
  const wasMade = undone.text === '' && text.endsWith('\n');
  return { text: wasMade ? undefined : undone.text };
}

/** The text with another checksum. */
export function withChecksum(text: string, old: string, checksum: string): Changed {
  const read = yamlData(text);
  if ('cannot' in read) return read;
  const pattern = new RegExp(`(- path: ${PATH}\\r?\\n *checksum: )${old}`, 'g');
  const plugins = pluginsIn(read.data).map((plugin) =>
    pathOf(plugin) === PLUGIN_PATH ? { path: PLUGIN_PATH, checksum } : plugin,
  );
  return ifSaying(
    text.replaceAll(pattern, (_, head: string) => head + checksum),
    { ...read.data, plugins },
  );
}

/** The lines of a block. The pattern captures their indentation. */
const SETTING = new RegExp(`^( *)${KEY}: true(?:\\r?\\n|$)`, 'gm');
const LIST = new RegExp(
  `^( *)plugins:\\r?\\n\\1  - path: ${PATH}\\r?\\n\\1    checksum: [0-9a-f]{128}(?:\\r?\\n|$)`,
  'gm',
);
const ITEM = new RegExp(
  `^( *)- path: ${PATH}\\r?\\n\\1  checksum: [0-9a-f]{128}\\r?\\n(?=\\1- )`,
  'gm',
);

function without(
  text: string,
): { readonly text: string; readonly checksum: string } | { readonly cannot: string } {
  const read = yamlData(text);
  if ('cannot' in read) return read;
  const { plugins: _plugins, [KEY]: _required, ...rest } = read.data;
  const [first, ...others] = pluginsIn(read.data);
  const { path, checksum } = recordOf(first);
  const changed = 'its lines about the guard were changed, or init did not write them';
  if (path !== PLUGIN_PATH || typeof checksum !== 'string') return { cannot: changed };
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const mark = text.slice(0, text.length - body.length);
  const meant: YamlData = { ...rest, ...(others.length > 0 && { plugins: others }) };
  for (const start of cuts(body, SETTING))
    for (const both of cuts(start, others.length > 0 ? ITEM : LIST)) {
      const result = ifSaying(mark + both, meant);
      if ('text' in result) return { text: result.text, checksum };
    }
  return { cannot: changed };
}

/** A text inside a value may look like the lines. There are few such places. */
const MAX_CUTS = 8;

/** The text without each block that the pattern finds. */
function cuts(text: string, pattern: RegExp): string[] {
  const all = [...text.matchAll(pattern)].slice(-MAX_CUTS);
  return all.map((match) => withoutLines(text, match.index, match.index + match[0].length));
}

function itemOf(checksum: string): string[] {
  return [`- path: ${PLUGIN_PATH}`, `  checksum: ${checksum}`];
}

function pluginsIn(data: YamlData): readonly unknown[] {
  const { plugins } = data;
  return Array.isArray(plugins) ? plugins : [];
}

function pathOf(plugin: unknown): unknown {
  return typeof plugin === 'string' ? plugin : recordOf(plugin)['path'];
}

function recordOf(value: unknown): YamlData {
  return typeof value === 'object' && value !== null ? (value as YamlData) : {};
}
