/** What the settings of each client say, as the client itself reads them, and who said it. */
export { readText } from './files.ts';
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
export { pnpmLayers, PNPM_WITH_YAML } from './pnpm/layers.ts';
export { whereOf, type Variables, type Where } from './where.ts';
export { yamlValues } from './yaml.ts';
export { yarnLayers } from './yarn/layers.ts';
export { yarnClassicLayers } from './yarn-classic/layers.ts';
