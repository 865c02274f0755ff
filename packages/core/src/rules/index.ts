import { absolutePath } from './absolute-path.ts';
import { alternateDataStream } from './alternate-data-stream.ts';
import { backslashPath } from './backslash-path.ts';
import { base256Number } from './base256-number.ts';
import { binEscapes } from './bin-escapes.ts';
import { binTargetMissing } from './bin-target-missing.ts';
import { blockDevice } from './block-device.ts';
import { bundledLink } from './bundled-link.ts';
import { caseCollision } from './case-collision.ts';
import { characterDevice } from './character-device.ts';
import { componentLengthLimit } from './component-length-limit.ts';
import { compressionRatioLimit } from './compression-ratio-limit.ts';
import { contiguousFile } from './contiguous-file.ts';
import { controlCharacter } from './control-character.ts';
import { directoriesEscape } from './directories-escape.ts';
import { drivePath } from './drive-path.ts';
import { duplicatePath } from './duplicate-path.ts';
import { duplicatePathIdentical } from './duplicate-path-identical.ts';
import { emptyComponent } from './empty-component.ts';
import { emptyPath } from './empty-path.ts';
import { entriesAfterEnd } from './entries-after-end.ts';
import { entryCountLimit } from './entry-count-limit.ts';
import { escapingLink } from './escaping-link.ts';
import { executableForOthers } from './executable-for-others.ts';
import { executeWithoutOwner } from './execute-without-owner.ts';
import { extendedHeaderOrphan } from './extended-header-orphan.ts';
import { extendedHeaderOversized } from './extended-header-oversized.ts';
import { extendedHeaderRepeated } from './extended-header-repeated.ts';
import { fifo } from './fifo.ts';
import { fileDirectoryConflict } from './file-directory-conflict.ts';
import { foreignMagic } from './foreign-magic.ts';
import { gnuLongName } from './gnu-long-name.ts';
import { gzipChecksum } from './gzip-checksum.ts';
import { gzipCorrupt } from './gzip-corrupt.ts';
import { gzipHeader } from './gzip-header.ts';
import { gzipLength } from './gzip-length.ts';
import { gzipOptionalHeader } from './gzip-optional-header.ts';
import { gzipSecondMember } from './gzip-second-member.ts';
import { gzipTrailingBytes } from './gzip-trailing-bytes.ts';
import { gzipTruncated } from './gzip-truncated.ts';
import { hardlink } from './hardlink.ts';
import { invalidNumber } from './invalid-number.ts';
import { invalidSize } from './invalid-size.ts';
import { invalidUtf8 } from './invalid-utf8.ts';
import { invisibleCharacter } from './invisible-character.ts';
import { leadingDotFolder } from './leading-dot-folder.ts';
import { linkTargetOnFile } from './link-target-on-file.ts';
import { longZeroTail } from './long-zero-tail.ts';
import { manEscapes } from './man-escapes.ts';
import { manifestAmbiguousField } from './manifest-ambiguous-field.ts';
import { manifestDuplicate } from './manifest-duplicate.ts';
import { manifestDuplicateKey } from './manifest-duplicate-key.ts';
import { manifestInvalid } from './manifest-invalid.ts';
import { manifestLink } from './manifest-link.ts';
import { manifestMissing } from './manifest-missing.ts';
import { manifestNameMismatch } from './manifest-name-mismatch.ts';
import { manifestOversized } from './manifest-oversized.ts';
import { manifestUnsafeName } from './manifest-unsafe-name.ts';
import { manifestVersionMismatch } from './manifest-version-mismatch.ts';
import { missingEndMarker } from './missing-end-marker.ts';
import { multipleTopFolders } from './multiple-top-folders.ts';
import { noTopFolder } from './no-top-folder.ts';
import { nonzeroTail } from './nonzero-tail.ts';
import { nulInPath } from './nul-in-path.ts';
import { paddedNumber } from './padded-number.ts';
import { pathDepthLimit } from './path-depth-limit.ts';
import { pathLengthLimit } from './path-length-limit.ts';
import { pathTraversal } from './path-traversal.ts';
import { paxCharset } from './pax-charset.ts';
import { paxGlobalOverride } from './pax-global-override.ts';
import { paxLinkpathMismatch } from './pax-linkpath-mismatch.ts';
import { paxMalformed } from './pax-malformed.ts';
import { paxPathMismatch } from './pax-path-mismatch.ts';
import { paxRepeatedKey } from './pax-repeated-key.ts';
import { paxSizeMismatch } from './pax-size-mismatch.ts';
import { paxSparse } from './pax-sparse.ts';
import { paxValueNewline } from './pax-value-newline.ts';
import { plantedGit } from './planted-git.ts';
import { plantedManagerState } from './planted-manager-state.ts';
import { plantedNodeModulesBin } from './planted-node-modules-bin.ts';
import { repeatedDirectory } from './repeated-directory.ts';
import { shrinkwrapEscapes } from './shrinkwrap-escapes.ts';
import { shortNameCollision } from './short-name-collision.ts';
import { sizeOnNonFile } from './size-on-non-file.ts';
import { sparseFile } from './sparse-file.ts';
import { specialModeBits } from './special-mode-bits.ts';
import { symlink } from './symlink.ts';
import { tarBlankMagic } from './tar-blank-magic.ts';
import { tarChecksum } from './tar-checksum.ts';
import { tarFieldResidue } from './tar-field-residue.ts';
import { tarMagic } from './tar-magic.ts';
import { tarPrefix } from './tar-prefix.ts';
import { tarSignedChecksum } from './tar-signed-checksum.ts';
import { tarTruncated } from './tar-truncated.ts';
import { trailingDotOrSpace } from './trailing-dot-or-space.ts';
import { typeBitsInMode } from './type-bits-in-mode.ts';
import { uncPath } from './unc-path.ts';
import { uncompressedArchive } from './uncompressed-archive.ts';
import { unicodeCollision } from './unicode-collision.ts';
import { unknownTypeflag } from './unknown-typeflag.ts';
import { unpackedSizeLimit } from './unpacked-size-limit.ts';
import { unrecognisedFormat } from './unrecognised-format.ts';
import { windowsCharacter } from './windows-character.ts';
import { windowsReservedName } from './windows-reserved-name.ts';
import { writeThroughLink } from './write-through-link.ts';
import { zipChecksum } from './zip-checksum.ts';
import { zipCorrupt } from './zip-corrupt.ts';
import { zipEndRecord } from './zip-end-record.ts';
import { zipGap } from './zip-gap.ts';
import { zipHeaderMismatch } from './zip-header-mismatch.ts';
import { zipOutsidePackage } from './zip-outside-package.ts';
import { zipOverlap } from './zip-overlap.ts';
import { zipTrailingBytes } from './zip-trailing-bytes.ts';
import { zipTypeMismatch } from './zip-type-mismatch.ts';
import { zipUnsupported } from './zip-unsupported.ts';
import type { Rule } from './define-rule.ts';
import type { RuleId } from './rule-id.ts';

export type { RuleId };

/** The catalogue: every rule by its id, in the order in which they are tried and listed. */
export const rules: { readonly [Id in RuleId]: Rule<Id> } = {
  'unrecognised-format': unrecognisedFormat,
  'uncompressed-archive': uncompressedArchive,
  'gzip-header': gzipHeader,
  'gzip-optional-header': gzipOptionalHeader,
  'gzip-corrupt': gzipCorrupt,
  'gzip-truncated': gzipTruncated,
  'gzip-checksum': gzipChecksum,
  'gzip-length': gzipLength,
  'gzip-second-member': gzipSecondMember,
  'gzip-trailing-bytes': gzipTrailingBytes,
  'unpacked-size-limit': unpackedSizeLimit,
  'compression-ratio-limit': compressionRatioLimit,
  'tar-checksum': tarChecksum,
  'tar-signed-checksum': tarSignedChecksum,
  'foreign-magic': foreignMagic,
  'tar-magic': tarMagic,
  'tar-blank-magic': tarBlankMagic,
  'tar-prefix': tarPrefix,
  'tar-field-residue': tarFieldResidue,
  'invalid-number': invalidNumber,
  'base256-number': base256Number,
  'padded-number': paddedNumber,
  'invalid-size': invalidSize,
  'size-on-non-file': sizeOnNonFile,
  'link-target-on-file': linkTargetOnFile,
  'tar-truncated': tarTruncated,
  'missing-end-marker': missingEndMarker,
  'entries-after-end': entriesAfterEnd,
  'nonzero-tail': nonzeroTail,
  'long-zero-tail': longZeroTail,
  'entry-count-limit': entryCountLimit,
  'pax-malformed': paxMalformed,
  'pax-value-newline': paxValueNewline,
  'pax-repeated-key': paxRepeatedKey,
  'pax-size-mismatch': paxSizeMismatch,
  'pax-path-mismatch': paxPathMismatch,
  'pax-linkpath-mismatch': paxLinkpathMismatch,
  'pax-global-override': paxGlobalOverride,
  'pax-charset': paxCharset,
  'pax-sparse': paxSparse,
  'extended-header-repeated': extendedHeaderRepeated,
  'extended-header-orphan': extendedHeaderOrphan,
  'extended-header-oversized': extendedHeaderOversized,
  'gnu-long-name': gnuLongName,
  symlink: symlink,
  hardlink: hardlink,
  'character-device': characterDevice,
  'block-device': blockDevice,
  fifo: fifo,
  'contiguous-file': contiguousFile,
  'sparse-file': sparseFile,
  'unknown-typeflag': unknownTypeflag,
  'path-traversal': pathTraversal,
  'absolute-path': absolutePath,
  'unc-path': uncPath,
  'drive-path': drivePath,
  'backslash-path': backslashPath,
  'alternate-data-stream': alternateDataStream,
  'nul-in-path': nulInPath,
  'control-character': controlCharacter,
  'invisible-character': invisibleCharacter,
  'invalid-utf8': invalidUtf8,
  'windows-reserved-name': windowsReservedName,
  'windows-character': windowsCharacter,
  'trailing-dot-or-space': trailingDotOrSpace,
  'empty-path': emptyPath,
  'empty-component': emptyComponent,
  'leading-dot-folder': leadingDotFolder,
  'path-length-limit': pathLengthLimit,
  'component-length-limit': componentLengthLimit,
  'path-depth-limit': pathDepthLimit,
  'special-mode-bits': specialModeBits,
  'execute-without-owner': executeWithoutOwner,
  'executable-for-others': executableForOthers,
  'type-bits-in-mode': typeBitsInMode,
  'planted-git': plantedGit,
  'planted-node-modules-bin': plantedNodeModulesBin,
  'planted-manager-state': plantedManagerState,
  'duplicate-path': duplicatePath,
  'duplicate-path-identical': duplicatePathIdentical,
  'repeated-directory': repeatedDirectory,
  'case-collision': caseCollision,
  'unicode-collision': unicodeCollision,
  'short-name-collision': shortNameCollision,
  'file-directory-conflict': fileDirectoryConflict,
  'write-through-link': writeThroughLink,
  'multiple-top-folders': multipleTopFolders,
  'no-top-folder': noTopFolder,
  'escaping-link': escapingLink,
  'bundled-link': bundledLink,
  'manifest-missing': manifestMissing,
  'manifest-duplicate': manifestDuplicate,
  'manifest-link': manifestLink,
  'manifest-invalid': manifestInvalid,
  'manifest-oversized': manifestOversized,
  'manifest-name-mismatch': manifestNameMismatch,
  'manifest-version-mismatch': manifestVersionMismatch,
  'manifest-unsafe-name': manifestUnsafeName,
  'manifest-duplicate-key': manifestDuplicateKey,
  'manifest-ambiguous-field': manifestAmbiguousField,
  'bin-escapes': binEscapes,
  'bin-target-missing': binTargetMissing,
  'man-escapes': manEscapes,
  'shrinkwrap-escapes': shrinkwrapEscapes,
  'directories-escape': directoriesEscape,
  'zip-checksum': zipChecksum,
  'zip-corrupt': zipCorrupt,
  'zip-end-record': zipEndRecord,
  'zip-gap': zipGap,
  'zip-header-mismatch': zipHeaderMismatch,
  'zip-outside-package': zipOutsidePackage,
  'zip-overlap': zipOverlap,
  'zip-trailing-bytes': zipTrailingBytes,
  'zip-type-mismatch': zipTypeMismatch,
  'zip-unsupported': zipUnsupported,
};

const all: readonly Rule<RuleId>[] = Object.values(rules);

/** Rules that look at single entries. */
export const entryRules: readonly Rule<RuleId>[] = all.filter((rule) => rule.entry !== undefined);

/** Rules that look at the whole package. */
export const packageRules: readonly Rule<RuleId>[] = all.filter(
  (rule) => rule.package !== undefined,
);
