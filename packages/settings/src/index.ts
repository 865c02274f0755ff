/** What the settings of each client say, as the client itself reads them, and who said it. */
export { bunfigTables, type BunfigTables } from './bun/bunfig.ts';
export { BUNFIG, bunLayers, bunUserFiles, USER_BUNFIG } from './bun/layers.ts';
export {
  bunManifest,
  bunWorkspaces,
  hasManifest,
  valuesIn,
  type ManifestNode,
} from './bun/manifest.ts';
export { bunPackage, bunRoot } from './bun/project.ts';
export { strangersBunFile } from './bun/strangers.ts';
export { readText } from './files.ts';
export {
  downTo,
  isOwn,
  kebab,
  lookUp,
  lookUpAll,
  textOfSetting,
  type Layer,
  type Origin,
  type Setting,
  type Values,
} from './layer.ts';
export { npmLayers, npmNearLayers, npmRoots, npmUserConfig, type NpmRun } from './npm/layers.ts';
export { pnpmDataFolder } from './pnpm/folders.ts';
export { pnpmLayers, PNPM_WITH_YAML } from './pnpm/layers.ts';
export { homeOf, pathFrom, whereOf, type Variables, type Where } from './where.ts';
export { yamlValues } from './yaml.ts';
export { yarnLayers } from './yarn/layers.ts';
export {
  ownFolder as yarnClassicFolder,
  yarnClassicLayers,
  yarnClassicOptions,
} from './yarn-classic/layers.ts';
