/** Readers of the clients' settings. Each reads the files as its client does, and says who wrote a setting. */
export { bunfigTables, type BunfigTables } from './bun/bunfig.ts';
export { BUNFIG, bunLayers, bunUserFiles, USER_BUNFIG } from './bun/layers.ts';
export {
  bunManifest,
  bunPackage,
  bunRoot,
  bunWorkspaces,
  hasManifest,
  childValues,
  type ManifestNode,
} from './bun/manifest.ts';
export { asRecord, readManifest, readText, readWithMark } from './files.ts';
export {
  knownValue,
  isOwn,
  kebab,
  lookUp,
  lookUpAll,
  textOfSetting,
  type SettingsLayer,
  type SettingOrigin,
  type Setting,
  type SettingValues,
} from './layer.ts';
export { goAuthentication, splitQuoted } from './go/goauth.ts';
export { goLayers, goSetting } from './go/layers.ts';
export { goNetrc, pythonNetrc, type NetrcLine } from './netrc.ts';
export { npmLayers, npmNearLayers, npmRoots, npmUserConfig, type NpmRun } from './npm/layers.ts';
export { isOfOwnIndex } from './own-indexes.ts';
export {
  isPipSwitchOn,
  pipCache,
  pipIndexes,
  pipLayers,
  pipOption,
  pipWords,
  virtualEnvironmentOf,
} from './pip/layers.ts';
export { pnpmCacheFolder, pnpmDataFolder, pnpmStateFolder } from './pnpm/folders.ts';
export { pnpmLayers, pnpmLayersIn, PNPM_WITH_YAML } from './pnpm/layers.ts';
export { pluginPnpmfile, pnpmLoading, type Obstacle, type PnpmLoading } from './pnpm/pnpmfiles.ts';
export { pnpmUserLayers } from './pnpm/user.ts';
export { PNPM_VERSIONS } from './pnpm/version.ts';
export {
  bundlerCache,
  bundlerGemfile,
  bundlerLayers,
  bundlerMirror,
  bundlerNames,
  bundlerText,
  bundlerUserLayers,
} from './ruby/bundler.ts';
export { loadSettings, type LoadedSettings } from './registries/load.ts';
export type { Registries } from './registries/registries.ts';
export { readSettingsText } from './registries/settings-text.ts';
export { gemrcLayer, gemrcSources } from './ruby/gemrc.ts';
export {
  homeOf,
  pathOfSetting,
  clientContext,
  type Variables,
  type ClientContext,
} from './where.ts';
export { yamlValues } from './yaml.ts';
export { yarnFiles, yarnLayers, yarnRoot } from './yarn/layers.ts';
export { yarnrcValues } from './yarn/yarnrc.ts';
export { yarnClassicFolder, yarnClassicLayers, yarnClassicOptions } from './yarn-classic/layers.ts';
export { yarnrcClassicValues } from './yarn-classic/yarnrc.ts';
