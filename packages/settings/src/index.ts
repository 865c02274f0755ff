/** What the settings of each client say, as the client itself reads them, and who said it. */
export { readText } from './files.ts';
export {
  downTo,
  isOwn,
  kebab,
  lookUp,
  lookUpAll,
  type Layer,
  type Origin,
  type Setting,
  type Values,
} from './layer.ts';
export { npmLayers } from './npm/layers.ts';
export { pnpmLayers, pnpmLayersTo10, PNPM_WITH_YAML, PNPM_WITHOUT_NPMRC } from './pnpm/layers.ts';
export { whereOf, type Variables, type Where } from './where.ts';
export { yamlValues } from './yaml.ts';
export { yarnFiles, yarnLayers } from './yarn/layers.ts';
export { strangersYarnFile, strangersYarnProject } from './yarn/strangers.ts';
export { yarnrcValues } from './yarn/yarnrc.ts';
export {
  ownFolder as yarnClassicFolder,
  yarnClassicLayers,
  yarnClassicOptions,
} from './yarn-classic/layers.ts';
