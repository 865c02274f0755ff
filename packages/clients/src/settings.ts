/** Readers of the clients' settings. Each reads the files as its client does, and says who wrote a setting. */
export { bunfigTables, type BunfigTables } from './bun/bunfig.ts';
export { BUNFIG, bunLayers, bunUserFiles, USER_BUNFIG } from './bun/layers.ts';
export {
  bunManifest,
  bunPackage,
  bunRoot,
  bunWorkspaces,
  childValues,
  type ManifestNode,
} from './bun/manifest.ts';
export { asRecord, readManifest, readText, readWithMark } from './shared/files.ts';
export { lookUp, lookUpAll, type SettingsLayer, type SettingValues } from './shared/layer.ts';
export { goAuthentication } from './go/goauth.ts';
export { goSettings, type GoSettings } from './go/settings.ts';
export { netrcLines } from './shared/netrc.ts';
export { npmProjectRoot } from './npm/settings.ts';
export { isOfOwnIndex } from './shared/own-indexes.ts';
export { isPipSwitchOn, pipIndexes, pipLayers, pipOption } from './python/settings.ts';
export { pnpmLayersIn, pnpmUserLayers } from './pnpm/settings.ts';
export {
  bundlerCache,
  bundlerGemfile,
  bundlerMirror,
  bundlerNames,
  bundlerText,
  bundlerUserLayers,
} from './ruby/bundler.ts';
export { loadSettings, readSettingsText, type LoadedSettings } from './registries/load.ts';
export type { Registries } from './registries/registries.ts';
export { gemrcSources } from './ruby/gemrc.ts';
export {
  homeOf,
  pathOfSetting,
  clientContext,
  type Variables,
  type ClientContext,
} from './shared/where.ts';
export { yamlValues } from './shared/yaml.ts';
export { yarnFiles, yarnLayers, yarnrcValues } from './yarn/settings.ts';
