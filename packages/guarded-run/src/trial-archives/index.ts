/**
 * Archives for trials, built from bytes, because no library writes an archive that has to be refused. They are not in the index of the package,
 * which every guarded client loads: they need node:zlib.
 */
export { canaryGem, cleanGem, gemFileName } from './gems.ts';
export {
  canaryModule,
  cleanModule,
  goMod,
  MODULE_HOST,
  MODULE_VERSION,
  modulePath,
  moduleWithVersion,
} from './go-modules.ts';
export {
  canaryPackage,
  cleanPackage,
  commandMark,
  packument,
  type TrialPackage,
} from './packages.ts';
export { storedZip, type StoredEntry } from './stored-zip.ts';
export { tar, type TarEntry } from './tar.ts';
export type { TrialArchive } from './trial-archive.ts';
export { canaryWheel, cleanWheel, wheelModule } from './wheels.ts';
