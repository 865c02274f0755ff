/** Bounded readers of package metadata: package.json, npm-shrinkwrap.json, and METADATA of Python. */
export { unsafeGemParts, type GemIdentity } from './gem-paths.ts';
export { INSTALL_SCRIPTS } from './npm-declared.ts';
export { isRecord, unsafeName, unsafePackageName } from './manifest.ts';
export { compareClaims } from './claims.ts';
export {
  compareNpmClaim,
  type ClaimKind,
  type NpmClaim,
  arboristClaim,
  documentClaim,
  lockedClaim,
  pnpmDocumentClaim,
  pnpmLockedClaim,
  removesPackages,
  yarnClassicClaim,
  yarnPackageClaim,
} from './npm-claim.ts';
export { placesOutside } from './shrinkwrap.ts';
export { gemEntryStatements, gemDependencyKeys, type GemEntry } from './gem-entry.ts';
export { type IndexClaim, type IndexStatements } from './index-claim.ts';
export { readCoreMetadata, type CoreMetadata } from './pypi/core-metadata.ts';
export { isPypiName, isSamePypiVersion, pypiNameKey } from './pypi/identity.ts';
export { metadataFileClaim, specifierKey } from './pypi/requirements.ts';
export { parseWheelFileName } from './pypi/wheel-file-name.ts';
