/**
 * Archives for trials, built from bytes, because no library writes an archive that has to be refused. They are not in the index of the package,
 * which every guarded client loads: they need node:zlib.
 */
export {
  CANARIES,
  canaryTar,
  canaryZip,
  CONTROL,
  DEPTH,
  ESCAPED,
  INSIDE,
  TARGET,
  TARGET_BEFORE,
  type Canary,
} from './canaries.ts';
export {
  CANARY_MODULE,
  gemWithCanary,
  moduleWithCanary,
  npmWithCanary,
  OUT_VARIABLE,
  sdistWithCanary,
  wheelWithCanary,
  type CanaryArchive,
} from './canary-packages.ts';
export { canaryGem, cleanGem, gemFileName } from './gems.ts';
export {
  canaryModule,
  cleanModule,
  goMod,
  MODULE_HOST,
  MODULE_VERSION,
  modulePath,
  moduleProxyFiles,
  moduleWithVersion,
} from './go-modules.ts';
export {
  canaryPackage,
  cleanPackage,
  commandMark,
  packument,
  type TrialPackage,
} from './packages.ts';
export { GEM_TRIAL, GO_TRIAL, NPM_TRIAL, PYPI_TRIALS, type GatewayTrial } from './links-out.ts';
export type { TrialArchive } from './trial-archive.ts';
export { canaryWheel, cleanWheel, wheelModule } from './wheels.ts';
