/* The parts of the text report about the guard and the settings of the managers. Each setting that is off has a line. */
import { printable, type Style } from '@tarwarden/core/text';
import type { Defence, SwitchOn } from '../defences/defence.ts';
import type { GuardSetup, GuardState } from '../defences/guard.ts';
import { displayName } from '../remedy.ts';

const SHOWN_CHARS = 400;

const WORDS: Readonly<Record<GuardState, string>> = {
  found: 'set up, not tried',
  none: 'not found',
  guarded: 'guarded',
  unguarded: 'UNGUARDED',
  unproven: 'not proven',
};

/** The width of the longest of these words. */
const WORD_WIDTH = 19;

export function guardLines(guards: readonly GuardSetup[], style: Style): string[] {
  if (guards.length === 0) return [];
  const folders = new Set(guards.map(({ folder }) => folder));
  const tried = guards.some(({ state }) => state !== 'found' && state !== 'none');
  return [
    style.bold('The guard'),
    ...guards.flatMap((guard) => {
      const { manager, state, message, remedy, folder } = guard;
      const place = folders.size > 1 ? style.dim(`  ${printable(folder, SHOWN_CHARS)}`) : '';
      const says = printable(remedy === undefined ? message : `${message}: ${remedy}`, SHOWN_CHARS);
      const paint = state === 'unguarded' ? style.red : (text: string) => text;
      return `  ${manager.padEnd(4)}  ${paint(WORDS[state].padEnd(WORD_WIDTH))}${says}${place}`;
    }),
    ...(tried ? [] : [style.dim('  whether a guard is armed is seen by --verify alone')]),
    '',
  ];
}

export function defenceLines(defences: readonly Defence[], style: Style): string[] {
  if (defences.length === 0) return [];
  const groups = new Map<string, Defence[]>();
  for (const defence of defences) {
    const key = JSON.stringify([defence.manager, defence.version, defence.folder]);
    groups.set(key, [...(groups.get(key) ?? []), defence]);
  }
  const hasFolders = new Set(defences.map(({ folder }) => folder)).size > 1;
  return [
    style.bold('What the managers do by themselves'),
    ...[...groups.values()].flatMap((inside) => groupLines(inside, style, hasFolders)),
    '',
  ];
}

function groupLines(inside: readonly Defence[], style: Style, hasFolders: boolean): string[] {
  const { folder } = inside[0]!;
  const place = hasFolders ? `  ${style.dim(printable(folder, SHOWN_CHARS))}` : '';
  const named = (state: Defence['state']): readonly Defence[] =>
    inside.filter((defence) => defence.state === state);
  const absent = named('unavailable').map(
    ({ setting, reason }) => `${setting} (from ${reason} on)`,
  );
  return [
    `  ${style.bold(managerOf(inside[0]!))}${place}`,
    ...named('off').map((defence) => `    ${style.yellow('off')}      ${offLine(defence)}`),
    ...named('unknown').map(
      ({ setting, reason = '' }) =>
        `    ${style.yellow('unknown')}  ${setting}: ${printable(reason, SHOWN_CHARS)}`,
    ),
    ...listLine('not in this version', absent),
    ...listLine('on', named('on').map(onName)),
  ];
}

/** `npm 12.2.0`. */
export function managerOf({ manager, version }: Defence): string {
  return `${displayName(manager)} ${version === undefined ? '(unknown version)' : printable(version)}`;
}

function offLine({ setting, switchOn, reason }: Defence): string {
  const why = reason === undefined ? '' : ` (${printable(reason, SHOWN_CHARS)})`;
  return `${setting}${why}${switchOn === undefined ? '' : `; ${switchOnLine(switchOn)}`}`;
}

/** The setting, with its value if that is one word. */
function onName({ setting, value }: Defence): string {
  return value !== undefined && /^[\w.-]{1,20}$/.test(value) ? `${setting}=${value}` : setting;
}

/** Says in one line which text belongs in which file. */
export function switchOnLine({ file, line, first }: SwitchOn): string {
  const before = first === undefined ? '' : `${printable(first, SHOWN_CHARS)}, and `;
  return `${before}in ${file}: ${line}`;
}

function listLine(label: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`    ${label}: ${names.join(', ')}`];
}
