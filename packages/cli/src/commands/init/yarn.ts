/*
 * Puts the plugin into a project of Yarn. The .yarnrc.yml names the plugin with its checksum, and requires it. Only whole lines are
 * added and removed, and every other byte stays. The changed text is parsed, as Yarn does it, and has to have the intended meaning.
 */
import { isDeepStrictEqual } from 'node:util';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { byHand, NOTHING, type ProjectFiles, type SetUpPlan, sha512 } from './project-files.ts';
import { realChanges, withoutLines } from '../../edit/file-changes.ts';

export const PLUGIN_PATH = '.yarn/plugins/plugin-tarwarden.cjs';
const RC = '.yarnrc.yml';
const KEY = 'tarwardenRequired';
const PAGE = 'docs/managers/yarn.md';

/** The most characters of a text that is changed. People write less, and parsers take long for deep nesting. */
const MAX_CHARS = 256 * 1024;

type YamlData = Readonly<Record<string, unknown>>;
/** A text, or the reason why it was not changed. */
type Changed = { readonly text: string } | { readonly cannot: string };

/** The plan to name the plugin in .yarnrc.yml, or to bring the plugin of this version. */
export function planYarn(files: ProjectFiles, plugin: Buffer): SetUpPlan {
  const text = files.readText(RC);
  const checksum = sha512(plugin);
  if (text === null) return addByHand('it is not UTF-8', checksum);
  const wiring = wiringOf(text ?? '');
  if (wiring.state === 'other')
    return byHand(
      `${RC} is left as it is: ${wiring.why}. How to set it up, and upgrade it, by hand: ${PAGE}`,
    );
  const currentPlugin = files.read(PLUGIN_PATH);
  const isWired = wiring.state === 'ours';
  const isForeign = (bytes: Buffer): boolean => !isWired || sha512(bytes) !== wiring.checksum;
  if (currentPlugin !== undefined && !currentPlugin.equals(plugin) && isForeign(currentPlugin))
    return byHand(
      isWired
        ? `${PLUGIN_PATH} was changed since ${RC} noted its checksum: look at what it is, remove it, and run this again`
        : `${PLUGIN_PATH} is there and is another file, which ${RC} does not name: remove it, and run this again`,
    );
  const changed = isWired
    ? withChecksum(text ?? '', wiring.checksum, checksum)
    : withWiring(text, checksum);
  if ('cannot' in changed) return addByHand(changed.cannot, checksum);
  const changes = realChanges([
    files.change(PLUGIN_PATH, plugin),
    files.change(RC, Buffer.from(changed.text)),
  ]);
  const kept = changes.length === 0 ? [`${RC} names ${PLUGIN_PATH}, which is of this version`] : [];
  return { ...NOTHING, changes, kept, committed: [PLUGIN_PATH, RC] };
}

/** Removes everything that {@link planYarn} wrote. */
export function planYarnUndo(files: ProjectFiles): SetUpPlan {
  const text = files.readText(RC) ?? '';
  const wiring = wiringOf(text);
  if (wiring.state === 'none') return NOTHING;
  const undone = wiring.state === 'ours' ? withoutWiring(text) : { cannot: wiring.why };
  if ('cannot' in undone || wiring.state === 'other')
    return byHand(
      `${RC} is left as it is, and the plugin with it: ${'cannot' in undone ? undone.cannot : ''}. How to undo it by hand: ${PAGE}`,
    );
  const currentPlugin = files.read(PLUGIN_PATH);
  if (currentPlugin !== undefined && sha512(currentPlugin) !== wiring.checksum)
    return byHand(
      `${PLUGIN_PATH} was changed since ${RC} noted its checksum; nothing is undone. How to undo it by hand: ${PAGE}`,
    );
  const after = undone.text === undefined ? undefined : Buffer.from(undone.text);
  // Yarn looks for the plugin as long as the .yarnrc.yml names it.
  const changes = realChanges([files.change(RC, after), files.change(PLUGIN_PATH, undefined)]);
  return { ...NOTHING, changes };
}

function addByHand(why: string, checksum: string): SetUpPlan {
  return byHand(
    `${RC} is left as it is: ${why}. Copy the plugin (${PAGE}), and add by hand:`,
    ...linesToAdd(checksum).map((line) => `    ${line}`),
  );
}

/** The state of the guard in a .yarnrc.yml. `ours`: the lines are as init wrote them. */
export type Wiring =
  | { readonly state: 'none' }
  | { readonly state: 'ours'; readonly checksum: string }
  | { readonly state: 'other'; readonly why: string };

export function wiringOf(text: string): Wiring {
  const parsed = yamlData(text);
  if ('cannot' in parsed) return { state: 'other', why: parsed.cannot };
  const paths = pluginsIn(parsed.data).map((plugin) => String(pluginPath(plugin)));
  const isNamed = paths.some((path) => path.split(/[\\/]/).at(-1) === 'plugin-tarwarden.cjs');
  if (!isNamed && parsed.data[KEY] === undefined) return { state: 'none' };
  const undone = withoutWiring(text);
  const checksum = recordOf(pluginsIn(parsed.data)[0])['checksum'];
  if ('text' in undone && typeof checksum === 'string') return { state: 'ours', checksum };
  return { state: 'other', why: `it names the guard in lines that init did not write` };
}

export function linesToAdd(checksum: string): string[] {
  return ['plugins:', `  - path: ${PLUGIN_PATH}`, `    checksum: ${checksum}`, `${KEY}: true`];
}

/** The text with the lines, if they can be removed again. A file that does not exist yet has no text. */
export function withWiring(text: string | undefined, checksum: string): Changed {
  if (text === undefined) return { text: `${linesToAdd(checksum).join('\n')}\n` };
  // Yarn reads such a file with another parser.
  if (/^(?:#.*\r?\n)*?#\s+yarn\s+lockfile\s+v1\r?\n/i.test(text))
    return { cannot: 'it says that it is a lockfile' };
  const parsed = yamlData(text);
  if ('cannot' in parsed) return parsed;
  const plugins = [{ path: PLUGIN_PATH, checksum }, ...pluginsIn(parsed.data)];
  const changed = ifSaying(wiredText(text, checksum), { ...parsed.data, plugins, [KEY]: 'true' });
  if ('cannot' in changed) return changed;
  const undone = withoutWiring(changed.text);
  if ('text' in undone && undone.text === text) return changed;
  return { cannot: 'its lines could not be taken out again' };
}

/** The plugin before the first one of a list that has one item a line, or all lines at the end. */
function wiredText(text: string, checksum: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const [head, path, sum, required] = linesToAdd(checksum) as [string, string, string, string];
  const list = /^\uFEFF?plugins:[ \t]*(?:#.*)?\r?\n( *)(?=- )/m.exec(text);
  const at = list === null ? 0 : list.index + list[0].length;
  const indent = list?.[1] ?? '';
  const item = `${path.trimStart()}${eol}${indent}${sum.slice(2)}${eol}${indent}`;
  const withItem = list === null ? text : text.slice(0, at) + item + text.slice(at);
  const block = (list === null ? [head, path, sum, required] : [required]).join(eol);
  if (text === '' || text === '\uFEFF') return withItem + block;
  return text.endsWith('\n') ? `${withItem}${block}${eol}` : `${withItem}${eol}${block}`;
}

const ITEM = String.raw`( *)- path: ${PLUGIN_PATH.replaceAll('.', String.raw`\.`)}\r?\n\1  checksum: [0-9a-f]{128}`;
const ALONE = new RegExp(String.raw`(?<=^\uFEFF?)plugins:\r?\n${ITEM}(?:\r?\n|$)`, 'm');
const AMONG = new RegExp(
  String.raw`(?<=^\uFEFF?plugins:[ \t]*(?:#.*)?\r?\n)${ITEM}\r?\n(?=\1- )`,
  'm',
);
const REQUIRED = new RegExp(String.raw`(?<=^\uFEFF?)${KEY}: true(?:\r?\n|$)`, 'm');

/** The text without the lines. Undefined if nothing else is in the file, and it was made for them. */
export function withoutWiring(
  text: string,
): { readonly text: string | undefined } | { readonly cannot: string } {
  const parsed = yamlData(text);
  if ('cannot' in parsed) return parsed;
  const { plugins: _plugins, [KEY]: required, ...otherSettings } = parsed.data;
  const [firstPlugin, ...otherPlugins] = pluginsIn(parsed.data);
  const intended = { ...otherSettings, ...(otherPlugins.length > 0 && { plugins: otherPlugins }) };
  const remainingText = without(without(text, REQUIRED), otherPlugins.length > 0 ? AMONG : ALONE);
  const result = ifSaying(remainingText, intended);
  if (pluginPath(firstPlugin) !== PLUGIN_PATH || required === undefined || 'cannot' in result)
    return { cannot: 'its lines about the guard were changed, or init did not write them' };
  return remainingText === '' && text.endsWith('\n') ? { text: undefined } : result;
}

function without(text: string, lines: RegExp): string {
  const match = lines.exec(text);
  return match === null ? text : withoutLines(text, match.index, match.index + match[0].length);
}

export function withChecksum(text: string, old: string, checksum: string): Changed {
  const parsed = yamlData(text);
  if ('cannot' in parsed) return parsed;
  const plugins = [{ path: PLUGIN_PATH, checksum }, ...pluginsIn(parsed.data).slice(1)];
  return ifSaying(text.replace(`checksum: ${old}`, `checksum: ${checksum}`), {
    ...parsed.data,
    plugins,
  });
}

/** The data of a text as Yarn reads it, with every value as a string. Otherwise the reason why it is not known. */
function yamlData(text: string): { readonly data: YamlData } | { readonly cannot: string } {
  if (text.length > MAX_CHARS) return { cannot: 'it is too large' };
  // A few lines of aliases can stand for more data than fits into memory.
  if (/(?:^|[\s[{,:-])[&*][^\s]/m.test(text)) return { cannot: 'it has anchors or aliases' };
  try {
    const data = load(text, { schema: FAILSAFE_SCHEMA }) ?? {};
    if (typeof data !== 'object' || Array.isArray(data)) return { cannot: 'it is not a mapping' };
    return { data: data as YamlData };
  } catch {
    return { cannot: 'it is not YAML that is understood' };
  }
}

function ifSaying(text: string, intended: YamlData): Changed {
  const parsed = yamlData(text);
  if ('data' in parsed && isDeepStrictEqual(plain(parsed.data), plain(intended))) return { text };
  return { cannot: 'it cannot be changed without changing other things' };
}

/** The parser gives some objects a prototype and others none. The copy has the same for all. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function pluginsIn({ plugins }: YamlData): readonly unknown[] {
  return Array.isArray(plugins) ? plugins : [];
}

function pluginPath(plugin: unknown): unknown {
  return typeof plugin === 'string' ? plugin : recordOf(plugin)['path'];
}

function recordOf(value: unknown): YamlData {
  return typeof value === 'object' && value !== null ? (value as YamlData) : {};
}
