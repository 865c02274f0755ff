/** What the settings of each client say, as the client itself reads them, and who said it. */
export { readText } from './files.ts';
export {
  downTo,
  exactValue,
  kebab,
  lookUp,
  lookUpAll,
  type Layer,
  type Origin,
  type Setting,
  type Values,
} from './layer.ts';
export { goLayers, goSetting } from './go/layers.ts';
export { splitQuoted } from './go/quoted.ts';
export { goNetrc, pythonNetrc, type NetrcLine } from './netrc.ts';
export { npmLayers } from './npm/layers.ts';
export {
  isPipSwitchOn,
  pipLayers,
  pipOption,
  pipWords,
  virtualEnvironmentOf,
} from './pip/layers.ts';
export { pnpmLayers, pnpmLayersTo10, PNPM_WITH_YAML, PNPM_WITHOUT_NPMRC } from './pnpm/layers.ts';
export {
  bundlerCache,
  bundlerGemfile,
  bundlerLayers,
  bundlerMirror,
  bundlerNames,
  bundlerText,
  bundlerUserLayers,
} from './ruby/bundler.ts';
export { gemrcLayer } from './ruby/gemrc.ts';
export {
  bundlerFoundFiles,
  gemFoundFiles,
  goFoundFiles,
  pipFoundFiles,
  strangersFileRefusal,
} from './strangers.ts';
export { whereOf, type Variables, type Where } from './where.ts';
export { yamlValues } from './yaml.ts';
export { yarnLayers } from './yarn/layers.ts';
export { yarnClassicLayers } from './yarn-classic/layers.ts';
