/* Loads the registries and caches in the settings of all clients: those of the user, and those of a project. */
import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printable, printablePath } from '@tarwarden/core/text';
import { errnoOf, isMissing } from '@tarwarden/guard/errno';
import { readBounded } from '@tarwarden/guard/read-bounded';
import { bunLayers } from '../bun/layers.ts';
import { isOwn, type SettingsLayer, type SettingValues } from '../shared/layer.ts';
import { npmLayers } from '../npm/settings.ts';
import { pnpmLayers, PNPM_VERSIONS } from '../pnpm/settings.ts';
import { clientContext, type Variables, type ClientContext } from '../shared/where.ts';
import { yarnLayers } from '../yarn/settings.ts';
import { pnpmEntries, yarnEntries, type SettingEntries } from './entries.ts';
import { maySendTo, Registries } from './registries.ts';
import { projectSettings, userSettings, type RegistrySettings } from './file-settings.ts';

export interface LoadedSettings {
  /** The registries of the client that writes this kind of lockfile. An unknown kind gets those of npm. */
  registriesFor(kind: string): Registries;
  /** npm's cache, if the user has configured it. Otherwise it is in its usual folder. */
  readonly npmCache: string | undefined;
  /** The folder that Yarn 2 and newer share between projects. */
  readonly yarnGlobal: string;
  /** Folders of zips that the user has named. */
  readonly yarnCaches: readonly string[];
  /** Notes for the user, one escaped line each. */
  readonly notes: readonly string[];
}

/**
 * @param folder The folder of a project. Without one, only the user's own settings count.
 * @throws TarwardenError if a settings file exists and cannot be read.
 */
export function loadSettings(folder: string | undefined, env: Variables): LoadedSettings {
  // A manager passes its settings on to the programs that it runs, and those of the project are among them. So these variables are not
  // the user's alone.
  const inherited = MARKS_OF_A_MANAGER.some((name) => env[name] !== undefined);
  const context = clientContext({
    folder: folder ?? '/',
    env: inherited ? withoutFiles(env) : env,
  });
  const registriesIn = (
    layers: readonly SettingsLayer[],
    entriesOf: EntriesOf,
  ): ClientRegistries => {
    const splitLayers = layers.flatMap((layer) => ownedLayers(layer, inherited));
    return clientRegistries(
      splitLayers.filter(({ isUsers }) => folder !== undefined || isUsers),
      entriesOf,
    );
  };
  const npmFiles = npmLayers(context);
  const npm = registriesIn(npmFiles, (values) => [...values]);
  const pnpm = registriesIn(pnpmFiles(context, npmFiles), pnpmEntries);
  const yarn = registriesIn(yarnLayers(context), yarnEntries);
  // bun shows no client certificate.
  const bun = registriesIn(bunLayers(context), (values) =>
    [...values].filter(([name]) => !/(?:^|:)(?:cert|key)(?:file)?$/.test(name)),
  );
  const byKind = new Map(Object.entries({ 'yarn-berry': yarn, 'pnpm-lock': pnpm, bun }));
  return {
    registriesFor: (kind) => (byKind.get(kind) ?? npm).registries,
    npmCache: ownValues(npm, 'cache')[0],
    yarnGlobal: ownValues(yarn, 'globalFolder')[0] ?? defaultYarnFolder(context),
    yarnCaches: ownValues(yarn, 'cacheFolder'),
    notes: [
      ...new Set([npm, yarn, pnpm, bun].flatMap(({ projects }) => projects.flatMap(notesOf))),
    ],
  };
}

/** A lockfile does not say which version of pnpm reads it. The older ones take everything from npm's files. */
function pnpmFiles(
  context: ClientContext,
  npmFiles: readonly SettingsLayer[],
): readonly SettingsLayer[] {
  const layers = PNPM_VERSIONS.toReversed().flatMap((version) => pnpmLayers(version, context));
  return [...layers, ...npmFiles];
}

type EntriesOf = (values: SettingValues) => SettingEntries;

interface ClientRegistries {
  readonly registries: Registries;
  /** The user's own settings, the strongest first. */
  readonly ownSettings: readonly RegistrySettings[];
  readonly projects: readonly { readonly file: string; readonly settings: RegistrySettings }[];
}

/** A layer, and whether all of it is the user's own. */
interface OwnedLayer {
  readonly layer: SettingsLayer;
  readonly isUsers: boolean;
}

/** Separates variables that a manager may have passed on from the user's own. */
function ownedLayers(layer: SettingsLayer, inherited: boolean): OwnedLayer[] {
  const isHandedOn = (setting: string): boolean => {
    const origin = layer.origin(setting);
    return origin.kind === 'variable' && !/^(?:bun|yarn)_/i.test(origin.name);
  };
  if (!inherited || layer.origin('').kind !== 'variable') return [{ layer, isUsers: isOwn(layer) }];
  const having = (isKept: (setting: string) => boolean): SettingsLayer => {
    const keptValues = (values: SettingValues): SettingValues =>
      new Map([...values].filter(([name]) => isKept(name)));
    const { written = layer.values } = layer;
    return { ...layer, values: keptValues(layer.values), written: keptValues(written) };
  };
  return [
    { layer: having((setting) => !isHandedOn(setting)), isUsers: true },
    { layer: having(isHandedOn), isUsers: false },
  ];
}

/** @param splitLayers The strongest first. */
function clientRegistries(
  splitLayers: readonly OwnedLayer[],
  entriesOf: EntriesOf,
): ClientRegistries {
  const layers = splitLayers.map(({ layer }) => layer);
  for (const { layer, isUsers } of splitLayers) {
    const from = layer.origin('');
    if (from.kind !== 'file') continue;
    const reason = layer.unreadable?.replace(from.file, () => 'it');
    if (reason !== undefined) throw unreadable(from.file, reason);
    // A repository must not make an audit read a file elsewhere.
    if (!isUsers && isLink(from.file)) throw unreadable(from.file, 'it is a link');
  }
  const ownSettings = new Map(
    splitLayers
      .filter(({ isUsers }) => isUsers)
      .map(({ layer }) => {
        const knownValues = [...layer.values].filter(([name]) => layer.unknown?.has(name) !== true);
        return [layer, withAuthorities(userSettings(entriesOf(new Map(knownValues))))];
      }),
  );
  const weakestFirst = [...ownSettings.values()].toReversed();
  const maySend = maySendTo(weakestFirst);
  const foreignSettings = new Map(
    layers
      .filter((layer) => !ownSettings.has(layer))
      .map((layer) => {
        const { values, written = values } = layer;
        return [layer, projectSettings(entriesOf(written), entriesOf(values), maySend)];
      }),
  );
  const ordered = layers
    .toReversed()
    .map((layer) => ownSettings.get(layer) ?? foreignSettings.get(layer)!);
  return {
    registries: new Registries(ordered, weakestFirst),
    ownSettings: [...ownSettings.values()],
    projects: [...foreignSettings].flatMap(([layer, settings]) => {
      const origin = layer.origin('');
      return origin.kind === 'file' ? [{ file: origin.file, settings }] : [];
    }),
  };
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function ownValues(
  { ownSettings }: ClientRegistries,
  name: 'cache' | 'globalFolder' | 'cacheFolder',
): readonly string[] {
  return ownSettings.flatMap((settings) => settings[name] ?? []);
}

/** Reads the authorities in the file that the user's settings name. If it cannot be read, the error ends the audit: the default authorities would trust more. */
function withAuthorities(settings: RegistrySettings): RegistrySettings {
  const { cafile, network } = settings;
  if (cafile === undefined || network.ca !== undefined) return settings;
  const text = readSettingsText(cafile, { follow: true });
  return text === undefined ? settings : { ...settings, network: { ...network, ca: [text] } };
}

function notesOf({ file, settings }: ClientRegistries['projects'][number]): string[] {
  const { registry, scopes, ignored } = settings;
  const name = basename(file);
  return [
    ...[...new Set([registry, ...Object.values(scopes)])]
      .filter((url) => url !== undefined)
      .map((url) => `the project's ${name} sets the registry ${printable(new URL(url).href)}`),
    ...ignored.map(
      (key) =>
        `${printable(key)} in the project's ${name} has a variable, and does not count: set it in your own file`,
    ),
  ];
}

/** npm, pnpm and Yarn 1 set these for the programs that they run. */
const MARKS_OF_A_MANAGER = [
  'npm_config_local_prefix',
  'npm_lifecycle_event',
  'npm_execpath',
  'npm_command',
] as const;

/** Removes the names of settings files that a manager passes on. Managers write variables in lower case. */
function withoutFiles(env: Variables): Variables {
  const isHandedOn = /^npm_config_(?:userconfig|globalconfig|prefix)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isHandedOn.test(name)));
}

function defaultYarnFolder({ home, env, platform }: ClientContext): string {
  const local = env['LOCALAPPDATA'];
  return platform === 'win32'
    ? join(local ?? join(home, 'AppData', 'Local'), 'Yarn', 'Berry')
    : join(home, '.yarn', 'berry');
}

/** Bytes of a settings file. A larger one is an error. */
const FILE_BYTES_MAX = 1024 * 1024;

/** The text of a file. Undefined if there is none. */
export function readSettingsText(
  path: string,
  { follow }: { follow: boolean },
): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: FILE_BYTES_MAX, follow });
    if (bytes === undefined) throw unreadable(path, 'not a file, or too large');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    if (isMissing(error)) return undefined;
    throw unreadable(path, errnoOf(error) ?? 'unknown error');
  }
}

export function unreadable(path: string, reason: string): TarwardenError {
  const message = `cannot read ${printablePath(path)} (${printable(reason)}), so it is not known which registries are configured`;
  return new TarwardenError('NOT_INSPECTED', message);
}
