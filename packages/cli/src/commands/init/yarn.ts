import { changesOf, NOTHING, type ProjectFiles, type SetUpPlan, sha512 } from './project-files.ts';
import {
  linesToAdd,
  PLUGIN_PATH,
  wiringOf,
  withChecksum,
  withoutWiring,
  withWiring,
} from './yarnrc-text.ts';

const RC = '.yarnrc.yml';
const PAGE = 'docs/managers/yarn.md';

const COMMITTED: readonly string[] = [PLUGIN_PATH, RC];

/** Puts the plugin into the repository. The .yarnrc.yml names it with its checksum, and requires it. */
export function planYarn(files: ProjectFiles, plugin: Buffer): SetUpPlan {
  const text = files.readText(RC);
  const wiring = text === null ? undefined : wiringOf(text ?? '');
  if (wiring === undefined) return addByHand('it is not UTF-8', sha512(plugin));
  if (wiring.state === 'ours') return upgraded(files, wiring.checksum, plugin);
  if (wiring.state === 'other')
    return byHand(
      `${RC} is left as it is: ${wiring.why}. How to set it up, and upgrade it, by hand: ${PAGE}`,
    );
  return wired(files, text ?? undefined, plugin);
}

/** Removes everything that {@link planYarn} wrote. */
export function planYarnUndo(files: ProjectFiles): SetUpPlan {
  const text = files.readText(RC);
  if (text === undefined) return NOTHING;
  const wiring = text === null ? { state: 'none' as const } : wiringOf(text);
  if (text === null || wiring.state === 'none') return NOTHING;
  const undone = wiring.state === 'ours' ? withoutWiring(text) : { cannot: wiring.why };
  if ('cannot' in undone || wiring.state !== 'ours')
    return byHand(
      `${RC} is left as it is, and the plugin with it: ${'cannot' in undone ? undone.cannot : ''}. How to undo it by hand: ${PAGE}`,
    );
  const found = files.read(PLUGIN_PATH);
  if (found !== undefined && sha512(found) !== wiring.checksum)
    return byHand(
      `${PLUGIN_PATH} was changed since ${RC} noted its checksum; nothing is undone. How to undo it by hand: ${PAGE}`,
    );
  const after = undone.text === undefined ? undefined : Buffer.from(undone.text);
  return {
    ...NOTHING,
    // Yarn looks for the plugin as long as the .yarnrc.yml names it.
    changes: changesOf([
      { path: RC, before: Buffer.from(text), after },
      { path: PLUGIN_PATH, before: found, after: undefined },
    ]),
  };
}

function wired(files: ProjectFiles, text: string | undefined, plugin: Buffer): SetUpPlan {
  const found = files.read(PLUGIN_PATH);
  if (found?.equals(plugin) === false)
    return byHand(
      `${PLUGIN_PATH} is there and is another file, which ${RC} does not name: remove it, and run this again`,
    );
  const checksum = sha512(plugin);
  const changed = withWiring(text, checksum);
  if ('cannot' in changed) return addByHand(changed.cannot, checksum);
  const before = text === undefined ? undefined : Buffer.from(text);
  return {
    ...NOTHING,
    committed: COMMITTED,
    changes: changesOf([
      { path: PLUGIN_PATH, before: found, after: plugin },
      { path: RC, before, after: Buffer.from(changed.text) },
    ]),
  };
}

/** The .yarnrc.yml with the checksum of this version's plugin. */
function upgraded(files: ProjectFiles, noted: string, plugin: Buffer): SetUpPlan {
  const found = files.read(PLUGIN_PATH);
  const checksum = sha512(plugin);
  if (noted === checksum && found?.equals(plugin) === true)
    return {
      ...NOTHING,
      committed: COMMITTED,
      kept: [`${RC} names ${PLUGIN_PATH}, which is of this version`],
    };
  if (found !== undefined && sha512(found) !== noted)
    return byHand(
      `${PLUGIN_PATH} was changed since ${RC} noted its checksum: look at what it is, remove it, and run this again`,
    );
  const text = files.readText(RC) ?? '';
  const changed = withChecksum(text, noted, checksum);
  if ('cannot' in changed) return addByHand(changed.cannot, checksum);
  return {
    ...NOTHING,
    committed: COMMITTED,
    changes: changesOf([
      { path: PLUGIN_PATH, before: found, after: plugin },
      { path: RC, before: Buffer.from(text), after: Buffer.from(changed.text) },
    ]),
  };
}

function addByHand(why: string, checksum: string): SetUpPlan {
  return byHand(
    `${RC} is left as it is: ${why}. Copy the plugin (${PAGE}), and add by hand:`,
    ...linesToAdd(checksum).map((line) => `    ${line}`),
  );
}

function byHand(...lines: readonly string[]): SetUpPlan {
  return { ...NOTHING, byHand: lines };
}
