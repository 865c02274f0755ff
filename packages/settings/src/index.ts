/** What the settings of each client say, as the client itself reads them, and who said it. */
export { asRecord, readText } from './files.ts';
export {
  downTo,
  kebab,
  lookUp,
  lookUpAll,
  type Layer,
  type Origin,
  type Setting,
  type Values,
} from './layer.ts';
export { npmLayers } from './npm/layers.ts';
export { pnpmCacheFolder, pnpmDataFolder, pnpmStateFolder } from './pnpm/folders.ts';
export { pnpmLayers, pnpmLayersIn, PNPM_WITH_YAML } from './pnpm/layers.ts';
export { PNPM_HARMLESS } from './pnpm/harmless.ts';
export { pnpmOthersFile } from './pnpm/others-files.ts';
export { pluginPnpmfile, pnpmLoading, type Obstacle, type PnpmLoading } from './pnpm/pnpmfiles.ts';
export { pnpmUserLayers } from './pnpm/user.ts';
export { pathFrom, whereOf, type Variables, type Where } from './where.ts';
export { yamlValues } from './yaml.ts';
export { yarnLayers } from './yarn/layers.ts';
export { yarnClassicLayers } from './yarn-classic/layers.ts';
