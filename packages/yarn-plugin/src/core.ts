/** The parts of the core that run in Yarn's main thread. The plugin loads them for the first archive. Most commands need none. */
export { DEFAULT_POLICY, TarwardenError, yarnZipContent } from '@tarwarden/core';
export { promisedSize } from '@tarwarden/core/npm';
export { tarballBytesMax } from '@tarwarden/core/limits';
export { repositoryPolicy } from '@tarwarden/core/policy';
export {
  guard,
  integrityOf,
  isAsClaimed,
  isTooLarge,
  inspectionThread,
  limitBodies,
  loadPolicy,
  localDependency,
  notInspected,
  openGuard,
  openVerdictStore,
  projectLink,
  realAsFar,
  rejected,
  reportHeldExceptions,
  reportVerdict,
  runReportOf,
  sha512Of,
  TOO_LARGE_REMEDY,
  weigh,
} from '@tarwarden/guard';
